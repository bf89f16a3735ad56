// A run as its drawing shows it: for each activity a state in a word with an icon, and a few lines; for each way out a
// number. Pure: the clock and the pace come from outside.
import type { Life } from "../canvas/drawn";
import type { Line, Run, RunActivity, RunDelivery } from "./api";
import { r } from "./messages";
import { isMoving } from "./moving";
import type { Pace } from "./pace";
import { sendsOf, summed } from "./sends";
import { duration, moment, percent, roughly, shown, signed } from "./words";

/** Milliseconds below which it does not matter how long something took. */
const LEAST = 50;

export const ICONS: { readonly [state: string]: string } = {
  none: "radio_button_unchecked",
  pending: "schedule",
  running: "progress_activity",
  waiting: "hourglass_top",
  awaiting_confirmation: "front_hand",
  sending: "send",
  succeeded: "check_circle",
  failed: "error",
  dead: "block",
  cancelled: "cancel",
  paused: "pause_circle",
  completed: "check_circle",
  stopped: "stop_circle",
};

export const TONES: { readonly [state: string]: string } = {
  running: "cool",
  pending: "cool",
  sending: "cool",
  waiting: "warn",
  awaiting_confirmation: "warn",
  succeeded: "good",
  completed: "good",
  failed: "bad",
  paused: "warn",
};

export const iconOf = (state: string | null): string => ICONS[state ?? "none"] ?? "help";
export const toneOf = (state: string | null): string => TONES[state ?? "none"] ?? "";

/** How the run stands as a whole: one that only waits does not pretend to work. */
export function markOf(run: Run): { readonly icon: string; readonly tone: string; readonly words: string; readonly isTurning: boolean } {
  const states = new Set(run.rounds.flatMap(({ activities }) => activities).map(({ state }) => state));
  if (run.state === "running" && !isMoving(run)) {
    const waits = states.has("awaiting_confirmation") ? "awaiting_confirmation" : "waiting";
    return { icon: iconOf(waits), tone: toneOf(waits), words: r.activityState[waits] ?? waits, isTurning: false };
  }
  const words = r.runState[run.state] ?? run.state;
  return { icon: run.state === "running" ? "progress_activity" : iconOf(run.state), tone: toneOf(run.state), words, isTurning: run.state === "running" };
}

export interface Seeing {
  readonly now: number;
  readonly paces: ReadonlyMap<number, Pace>;
  readonly lines: readonly Line[];
}

export const deliveriesOf = (run: Run, activity: string): RunDelivery[] => run.deliveries.filter((each) => each.activity === activity);

export function lifeOf(run: Run, activity: RunActivity, seeing: Seeing): Life {
  const deliveries = deliveriesOf(run, activity.id);
  const rates = ratesOf(deliveries, seeing.lines.find(({ value }) => value === activity.id));
  const { state } = activity;
  return {
    state: state ?? "none",
    icon: iconOf(state),
    tone: toneOf(state),
    words: wordsOf(activity, seeing.now),
    lines: deliveries.length > 0 ? sendLines(deliveries, seeing, state === "succeeded" && rates.length > 0) : [],
    share: state === "sending" ? shareOf(deliveries) : null,
    rates,
    problem: activity.problem,
  };
}

function wordsOf({ state, due_at, started_at, finished_at }: RunActivity, now: number): string {
  const word = r.activityState[state ?? "none"] ?? state ?? "";
  if (state === "waiting" && due_at) return `${word} ${r.until(moment(due_at, now))}`;
  const took = started_at === null ? null : (finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at);
  const isTimed = state === "running" || state === "succeeded" || state === "failed";
  return took !== null && took >= LEAST && isTimed ? `${word} · ${duration(state === "running" ? Math.floor(took / 1000) * 1000 : took)}` : word;
}

function shareOf(deliveries: readonly RunDelivery[]): number {
  const { total, remaining } = summed(deliveries.map(sendsOf));
  return total === 0 ? 1 : (total - remaining) / total;
}

/** Of what has been sent the rates say how much that was, and the ways out who was excluded. */
function sendLines(deliveries: readonly RunDelivery[], { paces }: Seeing, hasRates: boolean): string[] {
  const sends = summed(deliveries.map(sendsOf));
  const states = new Set(deliveries.map(({ state }) => state));
  const lines: string[] = [];
  const reach = deliveries.reduce((sum, { will_send }) => sum + will_send, 0);
  if (states.has("tested")) lines.push(r.wouldSend(shown(reach)));
  else if (states.has("awaiting_confirmation")) lines.push(r.willSend(shown(reach)));
  else if (!hasRates) lines.push(r.ofTotal(shown(sends.sent + sends.unknown), shown(sends.total)));
  const trouble = [
    sends.failed > 0 ? r.failedSome(shown(sends.failed)) : "",
    sends.unknown > 0 ? r.unknownSome(shown(sends.unknown)) : "",
    sends.excluded > 0 && !hasRates ? r.excludedSome(shown(sends.excluded)) : "",
  ].filter(Boolean);
  if (trouble.length > 0) lines.push(trouble.join(" · "));
  if (states.has("sending")) lines.push(...speedOf(deliveries, paces));
  return lines;
}

function speedOf(deliveries: readonly RunDelivery[], paces: ReadonlyMap<number, Pace>): string[] {
  const sending = deliveries.filter(({ state }) => state === "sending");
  const left = sending.map((each) => paces.get(each.id)?.timeLeft(sendsOf(each).remaining) ?? null);
  const rate = sending.reduce((sum, { id }) => sum + (paces.get(id)?.rate() ?? 0), 0);
  if (rate <= 0 || left.includes(null)) return [];
  return [`${r.perSecond(shown(Math.round(rate * 10) / 10))} · ${r.left(roughly(Math.max(...left.map((each) => each ?? 0))))}`];
}

/** Sent, delivered, opened, clicked: each as a share and how many that is. */
function ratesOf(deliveries: readonly RunDelivery[], line: Line | undefined): Life["rates"] {
  if (!line || !deliveries.some(({ messages }) => (messages["sent"] ?? 0) > 0)) return [];
  const of = (name: string): number => line.numbers[name] ?? 0;
  const rate = (over: number, under: number): string => (under > 0 ? percent(over / under) : "–");
  const delivered = of("delivered");
  // While messages leave, the run itself says how many by now; the report is asked less often.
  const leaving = deliveries.some(({ state }) => state === "sending" || state === "paused");
  const whole = [
    { label: r.sent, rate: rate(of("sends"), of("targeted")), count: shown(of("sends")) },
    { label: r.delivered, rate: rate(delivered, of("sends")), count: shown(delivered) },
  ];
  return [
    ...(leaving ? [] : whole),
    { label: r.opened, rate: rate(of("unique_opens"), delivered), count: shown(of("unique_opens")) },
    { label: r.clicked, rate: rate(of("unique_clicks"), delivered), count: shown(of("unique_clicks")) },
  ];
}

/** What left by each way out, by “activity port”: words where there is no number yet or nobody goes that way. */
export function countsOf(run: Run): ReadonlyMap<string, string> {
  const known = run.activities.flatMap((activity) =>
    activity.ports.map((port): [string, string] => [
      `${activity.id} ${port.port}`,
      port.rows === null ? "" : shown(port.rows),
    ]),
  );
  return new Map(known);
}

/** How many more or fewer left by each way than in another run, by the same names. Ways that only one of them has are left out. */
export function changesOf(run: Run, other: Run): ReadonlyMap<string, string> {
  const before = new Map(rowsOf(other));
  const both = rowsOf(run).filter(([way]) => before.has(way));
  return new Map(both.map(([way, rows]): [string, string] => [way, signed(rows - (before.get(way) ?? 0))]));
}

const rowsOf = (run: Run): [string, number][] =>
  run.activities.flatMap(({ id, ports }) => ports.flatMap(({ port, rows }): [string, number][] => (rows === null ? [] : [[`${id} ${port}`, rows]])));

/** Arrows that nobody takes, by the same names. */
export function deadWays(run: Run): ReadonlySet<string> {
  const dead = run.activities.flatMap((activity) =>
    activity.ports.filter(({ activated }) => !activated).map(({ port }) => `${activity.id} ${port}`),
  );
  return new Set(dead);
}
