// Findings of the server, each at the field its pointer leads to; what leads to no field stays with what is around it.
import type { Problem } from "../api/client";
import type { CampaignDocument } from "../model/document";
import { activitiesOf } from "../model/document";

export interface Finding {
  readonly problem: Problem;
  /** Names of fields on the way from here. */
  readonly way: readonly string[];
}

export type Findings = readonly Finding[];

const unescaped = (part: string): string => part.replace(/~1/g, "/").replace(/~0/g, "~");

export function findingsOf(document: CampaignDocument, problems: readonly Problem[], id: string): Findings {
  const index = activitiesOf(document).findIndex((activity) => activity.id === id);
  return problems
    .filter((problem) => problem.activity === id || problem.path.startsWith(`/activities/${index}/`))
    .map((problem) => ({ problem, way: wayOf(problem.path) }));
}

function wayOf(path: string): string[] {
  const [, section, , part, ...way] = path.split("/").map(unescaped);
  return section === "activities" && part === "config" ? way : [];
}

export const below = (findings: Findings, name: string): Findings =>
  findings.filter(({ way }) => way[0] === name).map(({ problem, way }) => ({ problem, way: way.slice(1) }));

/** What is to be shown here: findings of this very place, and those for which no part of it answers. */
export const own = (findings: Findings, parts: readonly string[]): Problem[] =>
  findings.filter(({ way }) => way[0] === undefined || !parts.includes(way[0])).map(({ problem }) => problem);
