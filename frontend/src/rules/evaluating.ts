// Asks the server about a rule as it is being written: its sentence, and how many rows each part holds for. Parts that are not
// finished are left out meanwhile; what is no longer wanted is called off.
import type { Client, Problem } from "../api/client";
import { Refused } from "../api/client";
import { newKey } from "../api/keys";
import { callOff } from "../api/questions";
import type { Json } from "../model/document";
import type { Asked, NodeCount } from "./api";
import { checked, counted, everybody } from "./api";
import { isFilled } from "./forms";
import type { Pruned } from "./pruned";
import { pruned } from "./pruned";

export interface Evaluation {
  readonly state: "waiting" | "counting" | "counted" | "needs_a_run" | "failed" | "stopped";
  /** The finished part of the rule, which all this is about. */
  readonly part: Json;
  /** Whether the rule has changed since. */
  readonly isStale: boolean;
  readonly sentence: string;
  readonly sql: string;
  /** Parts that are left out because they are not finished or wrong. */
  readonly left: number;
  /** By pointer into the rule as it was given. */
  readonly counts: ReadonlyMap<string, NodeCount>;
  /** How many rows the finished part finds in all. */
  readonly total: number | null;
  readonly isComplete: boolean;
  readonly reason: string;
}

export const NOTHING: Evaluation = { state: "waiting", part: null, isStale: false, sentence: "", sql: "", left: 0, counts: new Map(), total: null, isComplete: true, reason: "" };

const ROUNDS = 3;
/** A question younger than this ends by itself before it could be called off. */
export const YOUNG = 400;

type Tell = (evaluation: Evaluation) => void;

export async function evaluate(client: Client, of: Asked, rule: Json, tell: Tell, signal: AbortSignal): Promise<void> {
  try {
    const { part, check } = await askable(client, of, rule, signal);
    const known = { ...NOTHING, part: part.rule, sentence: check.sentence ?? "", sql: check.sql ?? "", left: part.left };
    if (check.needs_a_run) return tell({ ...known, state: "needs_a_run" });
    if (check.problems.length > 0) return tell({ ...known, state: "failed", reason: said(check.problems) });
    if (part.rule === null && part.left > 0) return tell({ ...known, sentence: "" });
    tell({ ...known, state: "counting" });
    tell({ ...known, state: "counted", ...(await counts(client, of, part, signal)) });
  } catch (error) {
    if (signal.aborted) return;
    const reason = error instanceof Refused ? error.message : "";
    tell({ ...NOTHING, state: "failed", reason });
  }
}

async function askable(client: Client, of: Asked, rule: Json, signal: AbortSignal) {
  const wrong = new Set<string>();
  for (let round = 1; ; round++) {
    const part = pruned(rule, (each, place) => isFilled(each) && !wrong.has(place));
    const check = await checked(client, of, part.rule, signal);
    const places = [...part.places.keys()];
    const found = check.problems.map(({ path }) => part.places.get(deepest(path.replace(/^\/rule/, ""), places) ?? "") ?? "");
    if (found.length === 0 || round === ROUNDS || found.includes("")) return { part, check };
    found.forEach((place) => wrong.add(place));
  }
}

/** The longest of the places that the path leads to or through. */
export const deepest = (path: string, places: Iterable<string>): string | undefined =>
  [...places].filter((place) => path === place || path.startsWith(`${place}/`)).sort((one, other) => other.length - one.length)[0];

async function counts(client: Client, of: Asked, part: Pruned, signal: AbortSignal): Promise<Pick<Evaluation, "counts" | "total" | "isComplete">> {
  const question = newKey();
  const started = Date.now();
  const giveUp = () => {
    if (Date.now() - started > YOUNG) callOff(client, question);
  };
  signal.addEventListener("abort", giveUp);
  try {
    if (part.rule === null) return { counts: new Map(), total: await everybody(client, of, signal), isComplete: true };
    const found = await counted(client, of, part.rule, question, signal);
    const total = found.counts.find(({ path }) => path === "")?.count ?? null;
    return { total, counts: new Map(found.counts.map((each) => [part.places.get(each.path) ?? each.path, each])), isComplete: found.complete };
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

const said = (problems: readonly Problem[]): string => [...new Set(problems.map(({ message }) => message))].slice(0, 2).join(" ");
