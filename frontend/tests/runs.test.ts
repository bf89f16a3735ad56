import { expect, test } from "vitest";
import type { Line, Run, RunActivity, RunDelivery } from "../src/runs/api";
import { isMoving, pauseOf } from "../src/runs/moving";
import { news } from "../src/runs/news";
import { Pace } from "../src/runs/pace";
import { changesOf, countsOf, deadWays, lifeOf } from "../src/runs/picture";
import { sendsOf, unsentOf } from "../src/runs/sends";
import { runIn } from "../src/runs/stage";
import { duration, roughly } from "../src/runs/words";
import { en, ko } from "../src/runs/messages";

const START = Date.parse("2026-03-01T10:00:00Z");

function activity(id: string, state: RunActivity["state"], rows: number | null = null, more: Partial<RunActivity> = {}): RunActivity {
  const port = { port: "main", rows, activated: true, population: 1, kept: true };
  return {
    id,
    type: "x",
    label: "",
    state,
    attempts: 1,
    started_at: "2026-03-01T10:00:00Z",
    finished_at: state === "succeeded" ? "2026-03-01T10:00:03Z" : null,
    due_at: null,
    rows_in: null,
    ports: rows === null ? [] : [port],
    problem: "",
    ...more,
  };
}

function run(activities: RunActivity[], more: Partial<Run> = {}): Run {
  return {
    id: 7,
    campaign: "c",
    kind: "live",
    version: 1,
    state: "running",
    state_changed_at: "",
    anchor: "",
    real_waits: true,
    started_at: "",
    started_by: null,
    finished_at: null,
    problem: "",
    variables: {},
    acts: [],
    transitions: [],
    deliveries: [],
    activities,
    rounds: [{ number: 0, activities }],
    ...more,
  } as Run;
}

const delivery = (state: RunDelivery["state"], messages: { [state: string]: number }, more: Partial<RunDelivery> = {}) =>
  ({ id: 5, round: 0, activity: "mail", label: "Mail", state, targeted: 100, excluded: {}, will_send: 100, messages, ...more }) as RunDelivery;

const seeing = { now: START + 65_000, paces: new Map<number, Pace>(), lines: [] as Line[] };

// --- how often to ask ---
test("a run moves while somebody works on it, and between two activities", () => {
  expect(isMoving(run([activity("a", "running")]))).toBe(true);
  expect(isMoving(run([activity("a", "succeeded"), activity("b", null)]))).toBe(true);
  expect(pauseOf(run([activity("a", "sending")]))).toBe(1_000);
});

test("a run that waits for a person or a time rests", () => {
  expect(pauseOf(run([activity("a", "awaiting_confirmation")]))).toBe(3_000);
  expect(pauseOf(run([activity("a", "failed")], { state: "failed" }))).toBe(3_000);
  expect(pauseOf(run([activity("a", "succeeded")], { state: "paused" }))).toBe(3_000);
});

test("what is about to wake is asked for in time", () => {
  const waiting = (seconds: number) => run([activity("a", "waiting", null, { due_at: new Date(START + seconds * 1000).toISOString() })]);
  expect(pauseOf(waiting(2), START)).toBe(2_000);
  expect(pauseOf(waiting(-5), START)).toBe(1_000);
  expect(pauseOf(waiting(500), START)).toBe(3_000);
});

test("what is over is not asked for; what a worker still has in hand is", () => {
  expect(pauseOf(run([activity("a", "succeeded")], { state: "completed" }))).toBeNull();
  expect(pauseOf(run([activity("a", "running")], { state: "paused" }))).toBe(1_000);
});

// --- numbers ---
test("excluded, sent, unknown, failed and remaining are all there are", () => {
  const sends = sendsOf({ messages: { excluded: 4, sent: 3, unknown: 1, ready: 2, in_flight: 1, failed_temporary: 1, failed_permanent: 5, expired: 1, cancelled: 2 } });
  expect(sends).toEqual({ total: 16, sent: 3, unknown: 1, failed: 8, remaining: 4, excluded: 4 });
  expect(sendsOf({ messages: {} }).total).toBe(0);
});

test("stopping cancels what has not left, of tests nothing", () => {
  expect(unsentOf([delivery("sending", { ready: 5, failed_temporary: 2, in_flight: 1, sent: 9 }), delivery("tested", { ready: 50 })])).toBe(7);
});

test("time left follows from what left of late", () => {
  const pace = new Pace();
  expect([pace.rate(), pace.timeLeft(10)]).toEqual([null, null]);
  for (let second = 0; second <= 10; second++) pace.add(second * 1000, second * 20);
  expect(pace.rate()).toBe(20);
  expect(pace.timeLeft(200)).toBe(10_000);
  expect(pace.timeLeft(0)).toBe(0);
});

test("a standstill has no time left that anybody could name", () => {
  const pace = new Pace();
  for (let second = 0; second <= 60; second++) pace.add(second * 1000, Math.min(second, 20) * 10);
  expect(pace.rate()).toBe(0);
  expect(pace.timeLeft(5)).toBeNull();
});

test("what came long before does not count", () => {
  const pace = new Pace();
  for (let second = 0; second <= 120; second++) pace.add(second * 1000, second <= 60 ? second * 100 : 6_000 + (second - 60) * 10);
  expect(pace.rate()).toBe(10);
});

test("another delivery begins anew", () => {
  const pace = new Pace();
  pace.add(0, 500);
  pace.add(5_000, 10);
  expect(pace.rate()).toBeNull();
});

test("durations are short and never wrong by a unit", () => {
  expect([300, 59_600, 61_000, 3_600_000, 90_000_000, 260_000_000].map(duration)).toEqual(["0.3 s", "1 min", "1 min 1 s", "1 h", "25 h", "3 d"]);
  expect([400, 42_400, 125_000].map(roughly)).toEqual(["1 s", "42 s", "2 min"]);
});

// --- the picture ---
test("each state has its icon and its word", () => {
  const states = ["pending", "running", "waiting", "awaiting_confirmation", "sending", "succeeded", "failed", "dead", "cancelled", null] as const;
  const lives = states.map((state) => lifeOf(run([]), activity("a", state), seeing));
  expect(new Set(lives.map(({ words }) => words.split(" · ")[0])).size).toBe(states.length);
  expect(lives.every(({ icon }) => icon !== "help")).toBe(true);
});

test("what is done says how long it took, what works how long it has", () => {
  expect(lifeOf(run([]), activity("a", "succeeded"), seeing).words).toBe("done · 3.0 s");
  expect(lifeOf(run([]), activity("a", "running"), seeing).words).toBe("working · 1 min 5 s");
});

test("a sending says how far it is, what failed, and when it will be over", () => {
  const pace = new Pace();
  for (let second = 0; second <= 10; second++) pace.add(second * 1000, second * 4);
  const one = delivery("sending", { sent: 40, unknown: 1, failed_permanent: 2, ready: 57, excluded: 3 });
  const life = lifeOf(run([], { deliveries: [one] }), activity("mail", "sending"), { ...seeing, paces: new Map([[5, pace]]) });
  expect(life.lines).toEqual(["41 of 100 sent", "2 failed · 1 unknown · 3 excluded", "4 a second · about 14 s left"]);
  expect(life.share).toBe(0.43);
});

test("a test only says whom it would reach", () => {
  const one = delivery("tested", { ready: 90, excluded: 10 }, { excluded: { no_consent: 10 }, will_send: 90 });
  expect(lifeOf(run([], { deliveries: [one] }), activity("mail", "succeeded"), seeing).lines).toEqual(["would go to 90 people", "10 excluded"]);
});

test("rates are those of people, over what was delivered", () => {
  const numbers = { targeted: 200, sends: 100, delivered: 96, unique_opens: 24, unique_clicks: 6 };
  const line = { value: "mail", label: "Mail", numbers, rates: {} } as Line;
  const one = delivery("settled", { sent: 100 });
  const { rates } = lifeOf(run([], { deliveries: [one] }), activity("mail", "succeeded"), { ...seeing, lines: [line] });
  expect(rates.map(({ rate, count }) => `${rate} ${count}`)).toEqual(["50% 100", "96% 96", "25% 24", "6.3% 6"]);
  expect(lifeOf(run([], { deliveries: [delivery("sending", { ready: 9 })] }), activity("mail", "sending"), { ...seeing, lines: [line] }).rates).toEqual([]);
});

test("while messages leave, only what people did with them comes from the report", () => {
  const line = { value: "mail", label: "Mail", numbers: { targeted: 9, sends: 4, delivered: 4, unique_opens: 1, unique_clicks: 0 }, rates: {} } as Line;
  const one = delivery("sending", { sent: 6, ready: 3 });
  const { rates } = lifeOf(run([], { deliveries: [one] }), activity("mail", "sending"), { ...seeing, lines: [line] });
  expect(rates.map(({ label }) => label)).toEqual(["opened", "clicked"]);
});

test("every way out has its number, connected or not; a way nobody takes is known as such", () => {
  const ports = [
    { port: "in", rows: 1234, activated: true, population: 1, kept: true },
    { port: "out", rows: null, activated: true, population: 2, kept: true },
    { port: "none", rows: 0, activated: false, population: 3, kept: true },
  ];
  const it = run([activity("split", "succeeded", null, { ports })]);
  expect([...countsOf(it)]).toEqual([["split in", "1,234"], ["split out", ""], ["split none", "0"]]);
  expect([...deadWays(it)]).toEqual(["split none"]);
});

// --- what is announced ---
const title = (id: string) => id.toUpperCase();

test("what finishes, fails or waits is said once", () => {
  const before = run([activity("a", "running"), activity("b", "running"), activity("c", null)]);
  const after = run([activity("a", "succeeded", 12), activity("b", "failed"), activity("c", "awaiting_confirmation")], { state: "failed" });
  expect(news(before, after, title)).toEqual(["“B” failed", "“C” waits for a confirmation", "“A” is done: 12 people", "Live run 7: failed"]);
  expect(news(after, after, title)).toEqual([]);
});

test("the first look says how the run stands and what keeps it, and not what was done before", () => {
  const failed = run([activity("a", "succeeded", 3), activity("b", "failed")], { state: "failed" });
  expect(news(null, failed, title)).toEqual(["“B” failed", "Live run 7: failed"]);
  expect(news(null, run([activity("a", "succeeded", 3)], { state: "completed" }), title)).toEqual(["Live run 7: completed"]);
});

test("many at once are one sentence", () => {
  const ids = ["a", "b", "c", "d", "e"];
  const before = run(ids.map((id) => activity(id, "running")));
  const after = run(ids.map((id) => activity(id, "succeeded", 1)));
  expect(news(before, after, title)).toEqual(["5 activities are done"]);
});

test("the address names a run, or none", () => {
  expect(["?run=12", "?run=x", "", "?run=-1", "?run=1.5", "?a=1&run=3"].map(runIn)).toEqual([12, null, null, null, null, 3]);
});

test("no Korean text of runs is empty or was left in English", () => {
  const flat = (messages: object): [string, unknown][] =>
    Object.entries(messages).flatMap(([name, text]) =>
      typeof text === "object" && text !== null ? flat(text).map(([inner, each]) => [`${name}.${inner}`, each] as [string, unknown]) : [[name, text] as [string, unknown]],
    );
  const english = new Map(flat(en));
  expect(flat(ko).filter(([name, text]) => text === "" || text === english.get(name))).toEqual([]);
});

test("two runs are compared where both have counted", () => {
  const one = run([activity("a", "succeeded", 1_300), activity("b", "succeeded", 5), activity("c", "succeeded", 7)]);
  const other = run([activity("a", "succeeded", 50), activity("b", "succeeded", 5), activity("c", "running"), activity("d", "succeeded", 9)]);
  expect([...changesOf(one, other)]).toEqual([["a main", "+1,250"], ["b main", "±0"]]);
});
