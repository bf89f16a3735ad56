// Settings that name another activity of the drawing follow it when it is copied or another takes its place.
import type { Activity, Config, Json } from "./document";
import type { Known } from "./kinds";
import { kindOf } from "./kinds";
import type { Node } from "./schema";
import { Schema, text } from "./schema";

const NAMES_AN_ACTIVITY = new Set(["arrow", "earlier_activity"]);

/** The activity with each id in its settings given to `renamed`; "id.port" keeps its port. */
export function withReferences(known: Known, activity: Activity, renamed: (id: string) => string): Activity {
  const settings = kindOf(known, activity)?.settings;
  if (!settings || !activity.config) return activity;
  const schema = new Schema(settings);
  const config = follow(schema, settings, activity.config, renamed) as Config;
  return { ...activity, config };
}

function follow(schema: Schema, start: Node, value: Json, renamed: (id: string) => string): Json {
  const { kind, node } = schema.field(start);
  if (NAMES_AN_ACTIVITY.has(text(node["widget"])) && typeof value === "string") return reference(value, renamed);
  if (Array.isArray(value)) {
    return value.map((each) => follow(schema, schema.items(node), each, renamed));
  }
  if (typeof value !== "object" || value === null || kind === "json") return value;
  const chosen = kind === "union" ? text(value[schema.discriminator(node)]) : "";
  const group = kind === "union" ? schema.variants(node).find((each) => each.value === chosen)?.node : node;
  const inner = new Map(group ? schema.properties(group) : []);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const property = inner.get(name);
      return [name, property ? follow(schema, property, each, renamed) : each];
    }),
  );
}

function reference(value: string, renamed: (id: string) => string): string {
  const [id = "", ...port] = value.split(".");
  return [renamed(id), ...port].join(".");
}
