// What happened between two answers, as sentences for whoever does not look at the drawing.
import type { Run, RunActivity } from "./api";
import { r } from "./messages";
import { shown } from "./words";

export type TitleOf = (activity: string) => string;

/** At the first look how the run stands, and what keeps it; it may have failed before anybody could look. */
export function news(before: Run | null, after: Run, titleOf: TitleOf): string[] {
  const old = new Map(before?.activities.map((each) => [each.id, each.state]));
  const changed = after.activities.filter(({ id, state }) => old.get(id) !== state);
  const done = before ? changed.filter(({ state }) => state === "succeeded") : [];
  return [
    ...changed.filter(({ state }) => state === "failed").map(({ id }) => r.saysFailed(titleOf(id))),
    ...changed.filter(({ state }) => state === "awaiting_confirmation").map(({ id }) => r.saysWaits(titleOf(id))),
    ...(done.length > 3 ? [r.saysMany(done.length)] : done.map((each) => finished(each, titleOf))),
    ...(before?.state === after.state ? [] : [r.saysRun(r.run(after.kind, after.id), r.runState[after.state] ?? after.state)]),
  ];
}

function finished({ id, ports }: RunActivity, titleOf: TitleOf): string {
  const counted = ports.filter(({ activated, rows }) => activated && rows !== null);
  if (counted.length === 0) return r.saysDone(titleOf(id));
  return r.saysFinished(titleOf(id), shown(counted.reduce((sum, { rows }) => sum + (rows ?? 0), 0)));
}
