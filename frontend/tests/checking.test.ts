import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client, Lint, Problem } from "../src/api/client";
import { Refused, Unreachable } from "../src/api/client";
import type { Keeper } from "../src/saving/keeper";
import { Store } from "../src/store";
import type { Told } from "../src/told";
import { drawing } from "./drawings";
import { Server } from "./server";

const WRONG = { code: "x", path: "/activities/0", message: "Wrong.", remedy: "", severity: "error", activity: "a" } as Problem;

let answers: (Lint | Error)[];
let asked: number;

beforeEach(() => {
  vi.useFakeTimers();
  [answers, asked] = [[], 0];
});
afterEach(() => void vi.useRealTimers());

const found = (...problems: Problem[]): Lint => ({ problems, ports: {} }) as Lint;

function store(): Store {
  const server = new Server();
  const client = {
    draft: () => server.draft(),
    save: server.save.bind(server),
    place: server.place.bind(server),
    lint: async () => {
      asked++;
      const answer = answers.shift() ?? found();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Client;
  const keeper = { keep: () => true, forget: () => undefined } as unknown as Keeper;
  const told = { slug: "c", mayEdit: true, user: "1" } as Told;
  return new Store(told, client, keeper, { document: drawing("a b", "a-b"), etag: server.etag }, [], {} as never);
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** A store that has found one problem, and then an edit whose check has this answer. */
async function editedInto(answer: Error): Promise<Store> {
  answers = [found(WRONG), answer];
  const it = store();
  await pass(0);
  it.rename("a", "changed");
  await pass(400);
  expect(asked).toBe(2);
  return it;
}

test("before the first answer nobody says that there are no problems", async () => {
  const it = store();
  expect([it.state.checking, it.state.isUnchecked]).toEqual([true, true]);
  await pass(0);
  expect([it.state.checking, it.state.isUnchecked]).toEqual([false, false]);
});

test.each([
  new Refused(401, { code: "not_authenticated", problems: [] }, "", 0),
  new Refused(403, { code: "permission_denied", problems: [] }, "", 0),
  new Refused(413, { code: "too_large", problems: [] }, "", 0),
  new Refused(429, { code: "throttled", problems: [] }, "", 30),
  new Unreachable("500", 500),
  new Unreachable("no network"),
])("a refused check (%s) keeps what was found and says that it is old", async (error) => {
  const { state } = await editedInto(error);
  expect(state.problems).toEqual([WRONG]);
  expect([state.checking, state.isUnchecked]).toEqual([false, true]);
});

test("a document that cannot be read has the problems that are said", async () => {
  const other = { ...WRONG, message: "Unreadable." };
  const { state } = await editedInto(new Refused(422, { code: "invalid", problems: [other] }, "", 0));
  expect([state.problems, state.isUnchecked]).toEqual([[other], false]);
});

test("whoever asks too much waits as long as the server says, and is answered then", async () => {
  const it = await editedInto(new Refused(429, { code: "throttled" }, "", 30));
  await pass(29_000);
  expect(asked).toBe(2);
  await pass(1_500);
  expect(asked).toBe(3);
  expect([it.state.problems, it.state.isUnchecked]).toEqual([[], false]);
});

test("where no answer comes it is asked ever more seldom", async () => {
  answers = Array.from({ length: 20 }, () => new Unreachable("no network"));
  store();
  await pass(15_500);
  expect(asked).toBe(5);
});

test("when the network is back it is asked at once, and only where something is unchecked", async () => {
  const it = await editedInto(new Refused(403, { code: "permission_denied" }, "", 0));
  await pass(100_000);
  expect(asked).toBe(2);
  it.resume();
  await pass(0);
  expect([asked, it.state.isUnchecked]).toEqual([3, false]);
  it.resume();
  await pass(1_000);
  expect(asked).toBe(3);
});
