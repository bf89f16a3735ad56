// The server writes in a form of its own; what was typed stays as it was typed.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unreachable } from "../src/api/client";
import { canonicalText } from "../src/model/canonical";
import type { CampaignDocument } from "../src/model/document";
import { configured, connected, renamed } from "../src/model/edits";
import { asSaved, rewritten, standing } from "../src/saving/rewrites";
import { drawing } from "./drawings";
import { Memory } from "./memory";
import { Server, inCanonicalForm } from "./server";
import { labels, visit } from "./visit";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NFD = "Cafe\u0301";

test("a blank at the end of a label stays after the pause, and is saved once", async () => {
  const server = new Server();
  const store = visit(server);
  store.relabel("a", "Two ");
  await vi.runAllTimersAsync();
  expect([labels(store)[0], labels(server)[0], store.state.saving.is]).toEqual(["Two ", "Two", "saved"]);
  expect(server.calls).toEqual(['PUT "1"']);
  expect(await store.flush()).toBe(true);
});

test("typing while the save is under way keeps every letter", async () => {
  const server = new Server();
  const store = visit(server);
  server.beforeAnswer = () => {
    server.beforeAnswer = null;
    store.relabel("a", "Two words");
  };
  store.relabel("a", "Two ");
  await vi.advanceTimersByTimeAsync(750);
  expect(labels(store)[0]).toBe("Two words");
  await vi.runAllTimersAsync();
  expect([labels(store)[0], labels(server)[0]]).toEqual(["Two words", "Two words"]);
});

test("after several saves undoing everything gives back every byte, here and on the server, and redoing too", async () => {
  const server = new Server(configured(drawing("a b", "a-b"), "b", { note: "n" }));
  const store = visit(server);
  const texts = [canonicalText(store.document)];
  const act = async (edit: () => void) => {
    edit();
    store.settle();
    texts.push(canonicalText(store.document));
    await vi.runAllTimersAsync();
  };
  await act(() => store.relabel("a", "One "));
  await act(() => store.configure("b", { note: "", tries: 3, variables: [{ label: " x " }] }, "note"));
  await act(() => store.relabel("b", NFD));
  await act(() => store.relabel("a", "One two "));
  await act(() => store.move({ a: [3, 4] }));
  for (const text of [...texts].reverse()) {
    expect(canonicalText(store.document)).toBe(text);
    store.undo();
    await vi.runAllTimersAsync();
  }
  expect(canonicalText(server.document)).toBe(texts[0]);
  for (const text of texts) {
    expect(canonicalText(store.document)).toBe(text);
    store.redo();
    await vi.runAllTimersAsync();
  }
  expect(canonicalText(server.document)).toBe(canonicalText(inCanonicalForm(store.document)));
});

test("where an activity was moved again while its first place was saved, undoing gives back that it had none", async () => {
  const server = new Server();
  const store = visit(server);
  const before = canonicalText(store.document);
  store.relabel("a", "x");
  store.move({ a: [1, 1] });
  server.beforeAnswer = () => {
    server.beforeAnswer = null;
    store.settle();
    store.move({ a: [2, 2] });
  };
  await vi.runAllTimersAsync();
  expect(server.document.layout?.["a"]).toEqual([2, 2]);
  while (store.state.history.past.length > 0) store.undo();
  await vi.runAllTimersAsync();
  expect([canonicalText(store.document), canonicalText(server.document)]).toEqual([before, before]);
});

test("what somebody else changes in such a part is taken over, and nobody has to choose", async () => {
  const server = new Server();
  const store = visit(server);
  store.relabel("a", "One ");
  await vi.runAllTimersAsync();
  server.replace(configured(renamed(server.document, "a", "Theirs"), "a", { note: "theirs" }));
  store.relabel("b", "Mine ");
  await vi.runAllTimersAsync();
  expect(store.state.saving.is).toBe("saved");
  expect([labels(store), labels(server)]).toEqual([["Theirs", "Mine "], ["Theirs", "Mine"]]);
});

test("what somebody else changes elsewhere leaves such a part as it was typed", async () => {
  const server = new Server(drawing("a b c"));
  const store = visit(server);
  store.relabel("a", "One ");
  await vi.runAllTimersAsync();
  server.replace(renamed(server.document, "b", "Theirs"));
  store.relabel("c", "Mine");
  await vi.runAllTimersAsync();
  server.replace(renamed(server.document, "a", "Theirs too"));
  store.relabel("c", "Mine again");
  await vi.runAllTimersAsync();
  expect([store.state.saving.is, labels(store)]).toEqual(["saved", ["Theirs too", "Theirs", "Mine again"]]);
});

test("that holds before anything of it could be saved again", async () => {
  const server = new Server(drawing("a b c"));
  const store = visit(server);
  store.relabel("a", "One ");
  await vi.runAllTimersAsync();
  server.replace(renamed(server.document, "b", "Theirs"));
  let saves = 0;
  server.beforeAnswer = () => void (++saves === 2 && server.replace(renamed(server.document, "a", "Theirs too")));
  store.relabel("c", "Mine");
  await vi.runAllTimersAsync();
  expect([store.state.saving.is, labels(store)]).toEqual(["saved", ["Theirs too", "Theirs", "Mine"]]);
});

test("what both changed is still a choice", async () => {
  const server = new Server();
  const store = visit(server);
  store.relabel("a", "One ");
  await vi.runAllTimersAsync();
  server.replace(renamed(server.document, "a", "Theirs"));
  store.relabel("a", "One two ");
  await vi.runAllTimersAsync();
  expect(store.state.saving.is).toBe("conflict");
  expect(store.collisions().map(({ fate }) => fate)).toEqual(["both"]);
});

test.each([
  ["and nothing was typed since", "One "],
  ["and more was typed since", "One two "],
])("a save whose answer was lost is recognised in the server's form, %s", async (_when, last) => {
  const server = new Server();
  const store = visit(server);
  server.trouble = [{ error: new Unreachable("the answer was lost"), when: "after" }];
  store.relabel("a", "One ");
  await vi.advanceTimersByTimeAsync(750);
  store.relabel("a", last);
  await vi.runAllTimersAsync();
  expect([store.state.saving.is, labels(store)[0], labels(server)[0]]).toEqual(["saved", last, last.trim()]);
  expect(store.state.notice).toBeNull();
});

test("a lost answer is not taken for that of somebody else's change", async () => {
  const server = new Server();
  const store = visit(server);
  server.trouble = [{ error: new Unreachable("the answer was lost"), when: "after" }];
  store.relabel("a", "One ");
  await vi.advanceTimersByTimeAsync(750);
  server.replace(renamed(server.document, "a", "Theirs"));
  await vi.runAllTimersAsync();
  expect(store.state.saving.is).toBe("conflict");
});

test("a save whose answer was lost with its page is no conflict on the next visit", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  const first = visit(server, shelf);
  server.trouble = [{ error: new Unreachable("the page was closed"), when: "after" }];
  first.relabel("a", "One ");
  await vi.advanceTimersByTimeAsync(750);
  vi.clearAllTimers();
  const again = visit(server, shelf);
  again.relabel("a", "One two ");
  await vi.runAllTimersAsync();
  expect([again.state.saving.is, labels(again)[0], labels(server)[0]]).toEqual(["saved", "One two ", "One two"]);
});

test("what is kept restores with what was typed, and merges as if the page had never gone", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  const first = visit(server, shelf);
  first.relabel("a", "One ");
  await vi.runAllTimersAsync();
  server.fail(new Unreachable("gone"));
  first.relabel("b", "Mine ");
  await vi.advanceTimersByTimeAsync(750);
  vi.clearAllTimers();
  server.trouble = [];
  server.replace(configured(server.document, "a", { note: "theirs" }));
  const again = visit(server, shelf);
  expect(labels(again)).toEqual(["One ", "Mine "]);
  await vi.runAllTimersAsync();
  expect([again.state.saving.is, labels(server)]).toEqual(["saved", ["One", "Mine"]]);
  expect(server.document.activities?.[0]?.config).toEqual({ note: "theirs" });
  expect(shelf.length).toBe(0);
});

test("a transition that the server gives a port is the same one, until it is deleted", () => {
  const sent = drawing("a b c", "a-b");
  const saved = drawing("a b c", "a.first-b");
  const rewrites = rewritten(sent, saved);
  const seen = (document: CampaignDocument) => canonicalText(asSaved(document, rewrites));
  expect(seen(renamed(sent, "a", "x"))).toBe(canonicalText(renamed(saved, "a", "x")));
  expect(seen(drawing("a b c"))).toBe(canonicalText(drawing("a b c")));
  expect(seen(connected(sent, { from: "b", port: "main", to: "c" }))).toBe(canonicalText(connected(saved, { from: "b", port: "main", to: "c" })));
  expect([standing(rewrites, saved), standing(rewrites, drawing("a b c"))].map(({ length }) => length)).toEqual([2, 1]);
});
