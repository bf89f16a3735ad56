import { beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../src/api/client";
import type { Client, Sent } from "../src/api/client";
import { r } from "../src/runs/messages";
import { Stage } from "../src/runs/stage";
import type { Store } from "../src/store";

type Answer = unknown | Error | Promise<unknown>;

/** What is asked, and the answers by the beginning of the address. */
class Door {
  asked: { path: string; once: string | undefined; body: unknown }[] = [];
  answers: { [start: string]: Answer } = {};

  async json(path: string, { once, body }: Sent = {}): Promise<unknown> {
    this.asked.push({ path, once, body });
    const [, answer] = Object.entries(this.answers).find(([start]) => path.startsWith(start)) ?? ["", {}];
    if (answer instanceof Error) throw answer;
    return answer;
  }

  bodies(end: string): unknown[] {
    return this.asked.filter(({ path }) => path.endsWith(end)).map(({ body }) => body);
  }

  posts(end: string): (string | undefined)[] {
    return this.asked.filter(({ path }) => path.endsWith(end)).map(({ once }) => once);
  }
}

let door: Door;
let said: string[];
let isSaved: boolean;
let went: string[];
let tag: string;

beforeEach(() => {
  [door, said, isSaved, went, tag] = [new Door(), [], true, [], '"1"'];
  door.answers = { "campaigns/c/lint/": { problems: [] }, "campaigns/c/test-runs/": { id: 12 } };
});

function stage(search = "") {
  const store = {
    client: door as unknown as Client,
    told: { slug: "c" },
    flush: () => Promise.resolve(isSaved),
    get draftTag() {
      return tag;
    },
    notify: (words: string) => said.push(words),
    goTo: vi.fn(),
  } as unknown as Store;
  return new Stage(store, { isNarrow: false, search, go: (to) => void went.push(to) });
}

const RUN = { id: 7, state_changed_at: "then", activities: [] } as unknown as Parameters<Stage["act"]>[0];

const conflict = (code: string) => new Refused(409, { detail: "No.", problems: [{ code, path: "", message: "No.", remedy: "Wait.", severity: "error" }] }, "", 0);

test("a test saves, begins and is watched", async () => {
  const it = stage();
  expect(await it.test()).toBe(true);
  expect(it.state.run).toBe(12);
  expect(went).toEqual(["?run=12"]);
  expect(said).toEqual([r.testBegun]);
});

test("clicked twice it begins once", async () => {
  const it = stage();
  expect(await Promise.all([it.test(), it.test()])).toEqual([true, false]);
  expect(door.posts("test-runs/")).toHaveLength(1);
});

test("what is not saved is not tested", async () => {
  isSaved = false;
  const it = stage();
  await it.test();
  expect(it.state.refused).toBe(r.notSaved);
  expect(door.posts("test-runs/")).toEqual([]);
});

test("errors keep it back, warnings do not", async () => {
  const warning = { code: "w", path: "", message: "", remedy: "", severity: "warning" };
  const error = { ...warning, severity: "error", activity: "a" };
  door.answers["campaigns/c/lint/"] = { problems: [warning, error] };
  const it = stage();
  await it.test();
  expect(it.state.question).toEqual({ is: "blocked", problems: [error] });
  door.answers["campaigns/c/lint/"] = { problems: [warning] };
  it.ask(null);
  await it.test();
  expect(it.state.run).toBe(12);
});

test("where a test is still open it is asked what to do with it, and replaced in one act", async () => {
  door.answers["campaigns/c/test-runs/"] = conflict("run.test_open");
  door.answers["runs/?campaign=c"] = { results: [{ id: 12 }], next: null };
  const it = stage();
  await it.test(true);
  expect(it.state.question).toEqual({ is: "open_test", open: 12, realWaits: true });
  door.answers["runs/12/restart/"] = { id: 13 };
  await it.stopAndTest();
  expect(door.posts("runs/12/restart/")).toHaveLength(1);
  expect(door.posts("runs/12/stop/")).toEqual([]);
  expect(it.state.run).toBe(13);
});

test("a test is restarted with what is saved first, once however often no answer came", async () => {
  const it = stage("?run=7");
  door.answers["runs/7/restart/"] = new Unreachable("lost");
  await it.restart(7, false);
  expect(it.state.refused).toBe(r.unsure);
  door.answers["runs/7/restart/"] = { id: 8 };
  await it.restart(7, false);
  const [first, second] = door.posts("runs/7/restart/");
  expect(first).toBe(second);
  expect(it.state.run).toBe(8);
});

test("what cannot run is not restarted", async () => {
  door.answers["campaigns/c/lint/"] = { problems: [{ code: "e", path: "", message: "", remedy: "", severity: "error" }] };
  const it = stage("?run=7");
  await it.restart(7, false);
  expect(it.state.question?.is).toBe("blocked");
  expect(door.posts("runs/7/restart/")).toEqual([]);
});

test.each([
  ["another draft", () => (tag = '"2"'), false],
  ["another kind of test", () => undefined, true],
])("after a lost answer %s is tested under a key of its own", async (_what, change, realWaits) => {
  const it = stage();
  door.answers["campaigns/c/test-runs/"] = new Unreachable("lost");
  await it.test();
  change();
  door.answers["campaigns/c/test-runs/"] = { id: 13 };
  await it.test(realWaits);
  const [first, second] = door.posts("test-runs/");
  expect(first).not.toBe(second);
});

test("the same draft is tested under the same key until somebody answers", async () => {
  const it = stage();
  const lost = [new Unreachable("lost"), new Refused(429, {}, "", 1), new Refused(409, { code: "idempotency_in_progress" }, "", 0)];
  for (const error of lost) {
    door.answers["campaigns/c/test-runs/"] = error;
    await it.test();
  }
  door.answers["campaigns/c/test-runs/"] = { id: 13 };
  await it.test();
  await it.test();
  const keys = door.posts("test-runs/");
  expect(new Set(keys.slice(0, 4)).size).toBe(1);
  expect(keys[4]).not.toBe(keys[0]);
});

test("an act on a run that has changed since has a key of its own", async () => {
  const it = stage("?run=7");
  door.answers["runs/7/"] = new Unreachable("lost");
  await it.act(RUN, "pause");
  await it.act({ ...RUN, state_changed_at: "later" }, "pause");
  const [first, second] = door.posts("runs/7/pause/");
  expect(first).not.toBe(second);
});

test("one activity is tried again, and its key is not that of another", async () => {
  const it = stage("?run=7");
  door.answers["runs/7/"] = new Unreachable("lost");
  for (const activity of ["a", "b", ""]) await it.act(RUN, "retry", activity);
  expect(door.bodies("runs/7/retry/")).toEqual([{ activity: "a" }, { activity: "b" }, undefined]);
  expect(new Set(door.posts("runs/7/retry/")).size).toBe(3);
});

test("where no answer came it is sent again under the same key, after a refusal under another", async () => {
  const it = stage("?run=7");
  const run = RUN;
  door.answers["runs/7/"] = new Unreachable("no network");
  expect(await it.act(run, "pause")).toBe(false);
  expect(it.state.refused).toBe(r.unsure);
  door.answers["runs/7/"] = conflict("run.wrong_state");
  await it.act(run, "pause");
  expect(it.state.refused).toBe("No. Wait.");
  door.answers["runs/7/"] = { concerned: 0 };
  await it.act(run, "pause");
  const [first, second, third] = door.posts("runs/7/pause/");
  expect(first).toBe(second);
  expect(third).not.toBe(second);
  expect(said).toEqual([r.done["pause"]]);
});

test("after every act the run is looked at again, whatever came of it", async () => {
  const it = stage("?run=7");
  it.refresh = vi.fn();
  door.answers["runs/7/"] = conflict("run.wrong_state");
  await it.act(RUN, "stop");
  expect(it.refresh).toHaveBeenCalledTimes(1);
});

test("going back in the browser goes back to the draft", () => {
  const it = stage("?run=7");
  expect(it.state.run).toBe(7);
  it.follow("");
  expect(it.state.run).toBeNull();
});

test("mending leaves the run and opens the activity of the draft", () => {
  const it = stage("?run=7");
  it.mend("a", "/activities/0");
  expect(it.state.run).toBeNull();
  expect(it.store.goTo).toHaveBeenCalledWith("a", "/activities/0");
});
