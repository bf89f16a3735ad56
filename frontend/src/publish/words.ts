// What publishing would change and what keeps it, in words. Pure.
import type { Problem } from "../api/client";
import type { Change, Send } from "./api";
import { p } from "./messages";

const VERBS = ["added", "changed", "removed"] as const;

/** “2 new, 1 changed”. */
export function summary(changes: readonly Pick<Change, "change">[]): string {
  return VERBS.flatMap((verb) => {
    const number = changes.filter(({ change }) => change === verb).length;
    return number > 0 ? [p[verb](number)] : [];
  }).join(", ");
}

/** How many get a message, by channel: the rounds and messages of one channel are put together. */
export function byChannel(sends: readonly Send[]): readonly (readonly [string, number])[] {
  const found = new Map<string, number>();
  for (const { channel, will_send } of sends) found.set(channel, (found.get(channel) ?? 0) + will_send);
  return [...found];
}

export interface Standing {
  readonly refused: string;
  readonly label: string;
}

export interface Ready {
  readonly standing: Standing | null;
  readonly findings: readonly Problem[] | null;
  readonly confirmed: ReadonlySet<number>;
  readonly changes: readonly Change[] | null | undefined;
  readonly state: string;
}

export const warningsOf = (findings: readonly Problem[]): Problem[] => findings.filter(({ severity }) => severity !== "error");
export const errorsOf = (findings: readonly Problem[]): Problem[] => findings.filter(({ severity }) => severity === "error");

/** Why it cannot be published now; empty where it can, null while that is not known. */
export function obstacle({ standing, findings, confirmed, changes, state }: Ready): string | null {
  if (standing?.refused === "permission") return p.mayNot;
  if (standing?.refused === "state") return p.wrongState(standing.label);
  if (!standing || !findings || changes === undefined) return null;
  if (errorsOf(findings).length > 0) return p.hasErrors;
  if (changes?.length === 0 && (state === "scheduled" || state === "live")) return p.isSame;
  return warningsOf(findings).some((_each, number) => !confirmed.has(number)) ? p.hasWarnings : "";
}
