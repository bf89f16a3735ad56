// Findings name settings as the document writes them; people know a setting by its title.
import type { Problem } from "../api/client";
import type { CampaignDocument } from "./document";
import { activitiesOf } from "./document";
import type { Known } from "./kinds";
import { kindOf } from "./kinds";
import type { Node } from "./schema";
import { Schema, text } from "./schema";

const QUOTED = /“([^”]+)”/g;

export const worded = (problems: readonly Problem[], document: CampaignDocument, known: Known): Problem[] =>
  problems.map((problem) => {
    const titles = titlesAround(problem.path, document, known);
    const said = (words: string) => words.replace(QUOTED, (whole, name: string) => (titles.has(name) ? `“${titles.get(name)}”` : whole));
    return titles.size === 0 ? problem : { ...problem, message: said(problem.message), remedy: said(problem.remedy) };
  });

/** The settings that a finding at this place may speak of: those beside the place, and those in it. */
function titlesAround(path: string, document: CampaignDocument, known: Known): ReadonlyMap<string, string> {
  const [, section, index, part, ...way] = path.split("/").map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
  const activity = section === "activities" && part === "config" ? activitiesOf(document)[Number(index)] : undefined;
  const settings = activity && kindOf(known, activity)?.settings;
  if (!settings) return new Map();
  const schema = new Schema(settings);
  return new Map([...namesIn(schema, [settings], way.slice(0, -1)), ...namesIn(schema, [settings], way)]);
}

function namesIn(schema: Schema, nodes: readonly Node[], way: readonly string[]): [string, string][] {
  const properties = nodes.flatMap((node) => groupsOf(schema, node)).flatMap((group) => schema.properties(group));
  const [step, ...rest] = way;
  if (step === undefined) return properties.flatMap(([name, node]) => named(name, text(schema.field(node).node["title"])));
  const isEntry = /^\d+$/.test(step);
  const next = isEntry ? nodes.map((node) => schema.items(schema.field(node).node)) : properties.filter(([name]) => name === step).map(([, node]) => node);
  return next.length > 0 ? namesIn(schema, next, rest) : [];
}

const named = (name: string, title: string): [string, string][] => (title ? [[name, title]] : []);

function groupsOf(schema: Schema, start: Node): Node[] {
  const { kind, node } = schema.field(start);
  return kind === "union" ? schema.variants(node).map((variant) => variant.node) : [node];
}
