import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../src/api/client";
import type { Answer, Asked } from "../src/runs/watch";
import { Watch } from "../src/runs/watch";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Thing {
  readonly pause: number | null;
}

/** Answers what it is told to, and remembers with which ETag it was asked. */
class Source implements Asked<Thing> {
  etags: string[] = [];
  answers: (Answer<Thing> | Error)[] = [];
  usual: Answer<Thing> = { value: { pause: 1_000 }, etag: '"1"' };
  took = 0;
  aborted = 0;

  async ask(etag: string, signal: AbortSignal): Promise<Answer<Thing>> {
    this.etags.push(etag);
    signal.addEventListener("abort", () => this.aborted++);
    if (this.took > 0) await new Promise((done) => setTimeout(done, this.took));
    const answer = this.answers.length > 0 ? this.answers.shift() : this.usual;
    if (answer instanceof Error) throw answer;
    return answer ?? null;
  }

  pause = ({ pause }: Thing) => pause;
}

const refused = (status: number, wait = 0) => new Refused(status, { detail: `No, ${status}.` }, "", wait);

function watched(source = new Source()) {
  const watch = new Watch<Thing>(source);
  let told = 0;
  watch.subscribe(() => told++);
  return { source, watch, told: () => told, asked: () => source.etags.length };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test("it asks at once and then each second as long as something moves", async () => {
  const { watch, asked } = watched();
  watch.start();
  await pass(0);
  expect(asked()).toBe(1);
  await pass(5_000);
  expect(asked()).toBe(6);
});

test("it asks with the ETag it knows, and 304 tells nobody anything", async () => {
  const { watch, source, told } = watched();
  watch.start();
  await pass(0);
  const before = watch.snapshot().value;
  source.answers = [null, null];
  await pass(2_000);
  expect(source.etags).toEqual(["", '"1"', '"1"']);
  expect(told()).toBe(1);
  expect(watch.snapshot().value).toBe(before);
});

test("what rests is asked for less often, and what is over not at all", async () => {
  const { watch, source, asked } = watched();
  source.usual = { value: { pause: 3_000 }, etag: '"2"' };
  watch.start();
  await pass(9_000);
  expect(asked()).toBe(4);
  source.usual = { value: { pause: null }, etag: '"3"' };
  await pass(60_000);
  expect(asked()).toBe(5);
  expect(watch.snapshot().isOver).toBe(true);
});

test("what takes the server long is asked for less often", async () => {
  const { watch, source, asked } = watched();
  source.took = 1_000;
  watch.start();
  await pass(20_000);
  expect(asked()).toBe(7);
});

test("a hidden tab asks nothing and goes on at once when it is shown", async () => {
  const { watch, asked } = watched();
  watch.start();
  await pass(0);
  watch.hide(true);
  await pass(600_000);
  expect(asked()).toBe(1);
  watch.hide(false);
  await pass(0);
  expect(asked()).toBe(2);
  await pass(1_000);
  expect(asked()).toBe(3);
});

test("one that was opened hidden waits until it is seen", async () => {
  const { watch, asked } = watched();
  watch.start(true);
  await pass(10_000);
  expect(asked()).toBe(0);
  watch.hide(false);
  await pass(0);
  expect(asked()).toBe(1);
});

test("a question that is under way when the tab is hidden is given up", async () => {
  const { watch, source } = watched();
  source.took = 500;
  watch.start();
  await pass(100);
  watch.hide(true);
  expect(source.aborted).toBe(1);
  await pass(10_000);
  expect(watch.snapshot().value).toBeNull();
});

test("without a network it tries ever less often, says when, and keeps what it knew", async () => {
  const { watch, source, asked } = watched();
  watch.start();
  await pass(0);
  source.answers = Array.from({ length: 6 }, () => new Unreachable("no network"));
  await pass(1_000);
  const { trouble, value } = watch.snapshot();
  expect(trouble).toEqual({ why: "offline", message: "", again: Date.now() + 1_000 });
  expect(value).not.toBeNull();
  await pass(1_000 + 2_000 + 4_000 + 8_000 + 15_000);
  expect(asked()).toBe(7);
  await pass(30_000);
  expect(watch.snapshot().trouble).toBeNull();
  await pass(1_000);
  expect(asked()).toBe(9);
});

test("when the network is back it does not wait any longer", async () => {
  const { watch, source, asked } = watched();
  source.answers = [new Unreachable("no network"), new Unreachable("no network")];
  watch.start();
  await pass(1_500);
  watch.now();
  await pass(0);
  expect(asked()).toBe(3);
  expect(watch.snapshot().trouble).toBeNull();
});

test.each([
  [new Unreachable("502", 502), { why: "server", message: "502" }],
  [refused(401), { why: "signed_out" }],
  [refused(429, 7), { why: "busy" }],
])("%s is tried again", async (error, trouble) => {
  const { watch, source } = watched();
  source.answers = [error];
  watch.start();
  await pass(0);
  expect(watch.snapshot().trouble).toMatchObject(trouble);
  await pass(15_000);
  expect(watch.snapshot().trouble).toBeNull();
});

test("whoever is asked too much says for how long not to ask", async () => {
  const { watch, source, asked } = watched();
  source.answers = [refused(429, 7)];
  watch.start();
  await pass(6_900);
  expect(asked()).toBe(1);
  await pass(100);
  expect(asked()).toBe(2);
});

test.each([
  [refused(404), "gone"],
  [refused(403), "refused"],
])("%s is not asked again", async (error, why) => {
  const { watch, source, asked } = watched();
  source.answers = [error];
  watch.start();
  await pass(60_000);
  expect(asked()).toBe(1);
  expect(watch.snapshot().trouble).toMatchObject({ why, again: null });
});

test("one that was stopped is silent", async () => {
  const { watch, asked } = watched();
  watch.start();
  await pass(0);
  watch.stop();
  watch.now();
  watch.hide(true);
  watch.hide(false);
  await pass(10_000);
  expect(asked()).toBe(1);
});
