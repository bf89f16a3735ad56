// How often a run is worth asking for.
import type { Run } from "./api";

export const FAST = 1_000;
export const SLOW = 3_000;
const WORKING = new Set(["pending", "running", "sending"]);
const OVER = new Set(["stopped", "completed"]);

export const isOver = (run: Run): boolean => OVER.has(run.state);

/** Whether somebody works on it now; a run that waits for a person or a time rests. */
export function isMoving(run: Run): boolean {
  if (isOver(run)) return false;
  const states = run.rounds.flatMap((round) => round.activities).map(({ state }) => state);
  if (states.some((state) => state !== null && WORKING.has(state))) return true;
  return run.state === "running" && !states.some((state) => state === "waiting" || state === "awaiting_confirmation");
}

export function pauseOf(run: Run, now = Date.now()): number | null {
  if (isOver(run)) return null;
  if (isMoving(run)) return FAST;
  const due = run.activities.flatMap(({ due_at, state }) => (due_at && state === "waiting" ? [Date.parse(due_at) - now] : []));
  return Math.max(FAST, Math.min(SLOW, ...due));
}
