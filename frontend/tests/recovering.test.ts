// What earlier visits could not save: a tab's own comes back, everybody else's is at hand, and nothing goes without a word.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "../src/api/client";
import { t } from "../src/messages";
import { canonicalText } from "../src/model/canonical";
import { renamed } from "../src/model/edits";
import { drawing } from "./drawings";
import { Memory } from "./memory";
import { Server } from "./server";
import { labels, visit } from "./visit";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

let hour = 0;

/** A tab that is closed before what was typed in it could be saved. */
async function leave(server: Server, shelf: Memory, tab: string, label: string): Promise<void> {
  vi.setSystemTime(new Date(2030, 0, 1, ++hour));
  const store = visit(server, shelf, { tab, open: ["t", "first", "second"] });
  server.fail(new Unreachable("gone"));
  store.relabel("a", label);
  await vi.advanceTimersByTimeAsync(750);
  vi.clearAllTimers();
  server.trouble = [];
}

const keys = (shelf: Memory): string[] => [...shelf.entries.keys()].map((key) => key.split(":").at(-1) ?? "").sort();

test("a tab that kept nothing takes over what a closed one left", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "One");
  const store = visit(server, shelf);
  expect([labels(store)[0], store.state.left, keys(shelf)]).toEqual(["One", [], ["t"]]);
  await vi.runAllTimersAsync();
  expect([labels(server)[0], shelf.length]).toEqual(["One", 0]);
});

test("a tab's own edits come back though a closed tab has later ones, and those are kept and offered", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "t", "Mine");
  await leave(server, shelf, "first", "Later");
  await leave(server, shelf, "second", "Latest");
  const store = visit(server, shelf);
  expect(labels(store)[0]).toBe("Mine");
  expect(store.state.left.map(({ kept }) => labels(kept)[0])).toEqual(["Latest", "Later"]);
  expect(keys(shelf)).toEqual(["first", "second", "t"]);
  await vi.runAllTimersAsync();
  expect([labels(server)[0], keys(shelf)]).toEqual(["Mine", ["first", "second"]]);
});

test("what is brought back meets what was saved since as any other change does", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "Theirs");
  await leave(server, shelf, "t", "Mine");
  const store = visit(server, shelf);
  await vi.runAllTimersAsync();
  await store.bringBack(store.state.left[0]!);
  expect([labels(store)[0], store.state.left, keys(shelf)]).toEqual(["Theirs", [], ["t"]]);
  await vi.runAllTimersAsync();
  expect(store.state.saving.is).toBe("conflict");
  store.resolve(new Map([["activity a", "mine"]]));
  await vi.runAllTimersAsync();
  expect([labels(server)[0], shelf.length]).toEqual(["Theirs", 0]);
});

test("as long as what is here cannot be saved, nothing is brought back over it", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "Theirs");
  await leave(server, shelf, "t", "Mine");
  const store = visit(server, shelf);
  server.fail(new Unreachable("gone"));
  const left = store.state.left;
  await store.bringBack(left[0]!);
  expect([labels(store)[0], store.state.left, keys(shelf)]).toEqual(["Mine", left, ["first", "t"]]);
  expect(store.state.notice).toMatchObject({ text: t.leftWaits, tone: "bad" });
});

test("where the browser is full, what is brought back stays where it was", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "One");
  shelf.isFull = true;
  const store = visit(server, shelf);
  expect([labels(store)[0], store.isKept, keys(shelf)]).toEqual(["One", false, ["first"]]);
});

test("a campaign that cannot be edited any more keeps what was not saved, and shows it as it is", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "Theirs");
  await leave(server, shelf, "t", "Mine");
  const store = visit(server, shelf, { mayEdit: false });
  expect(canonicalText(store.document)).toBe(canonicalText(server.document));
  expect(store.state.left.map(({ kept }) => labels(kept)[0])).toEqual(["Mine", "Theirs"]);
  await vi.runAllTimersAsync();
  expect([server.calls.length, keys(shelf)]).toEqual([2, ["first", "t"]]);
});

test("it is erased on purpose only, one by one", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "Theirs");
  await leave(server, shelf, "t", "Mine");
  const store = visit(server, shelf, { mayEdit: false });
  store.discard(store.state.left[0]!);
  expect([store.state.left.map(({ kept }) => labels(kept)[0]), keys(shelf)]).toEqual([["Theirs"], ["first"]]);
});

test("what the server has by now is offered no more", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  await leave(server, shelf, "first", "Same");
  server.replace(renamed(drawing("a b", "a-b"), "a", "Same"));
  const store = visit(server, shelf, { mayEdit: false });
  expect([store.state.left, shelf.length]).toEqual([[], 0]);
});
