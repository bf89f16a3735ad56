// Whoever follows a link while not everything is saved is told why, and decides.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../src/api/client";
import { en } from "../src/messages/en";
import { renamed } from "../src/model/edits";
import { Memory } from "./memory";
import { Server } from "./server";
import { labels, visit } from "./visit";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const HREF = "/admin/";

test.each([
  ["offline", new Unreachable("gone")],
  ["refused", new Refused(422, { detail: "No." }, "", 0)],
  ["signed_out", new Refused(401, {}, "", 0)],
])("a link waits for the person where nothing can be saved: %s", async (is, error) => {
  const [server, shelf] = [new Server(), new Memory()];
  const store = visit(server, shelf);
  server.fail(error, error);
  store.relabel("a", "Mine");
  expect(await store.mayLeaveFor(HREF)).toBe(false);
  expect([store.state.leaving, store.state.saving.is, store.isKept]).toEqual([HREF, is, true]);
  expect(en.leavingWhy[is]).toBeTruthy();
  store.stay();
  expect(store.state.leaving).toBeNull();
  vi.clearAllTimers();
  expect(labels(visit(server, shelf))[0]).toBe("Mine");
});

test("a link waits for the person where somebody has to choose", async () => {
  const server = new Server();
  const store = visit(server);
  server.replace(renamed(server.document, "a", "Theirs"));
  store.relabel("a", "Mine");
  expect(await store.mayLeaveFor(HREF)).toBe(false);
  expect([store.state.leaving, store.state.saving.is]).toEqual([HREF, "conflict"]);
});

test("where the browser has no room the person knows that leaving loses the edits", async () => {
  const [server, shelf] = [new Server(), new Memory()];
  shelf.isFull = true;
  const store = visit(server, shelf);
  server.fail(new Unreachable("gone"));
  store.relabel("a", "Mine");
  expect([await store.mayLeaveFor(HREF), store.isKept]).toEqual([false, false]);
});

test("what can be saved is saved, and the link leads on", async () => {
  const server = new Server();
  const store = visit(server);
  store.relabel("a", "Mine ");
  expect([await store.mayLeaveFor(HREF), store.state.leaving, labels(server)[0]]).toEqual([true, null, "Mine"]);
});
