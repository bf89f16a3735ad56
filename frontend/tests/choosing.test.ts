import { expect, test } from "vitest";
import { between, leftOver, toggled } from "../src/outline/choosing";
import { rowsOf } from "../src/outline/rows";
import { KNOWN, drawing, ids } from "./drawings";
import { storeOf } from "./stores";

const CHAIN = drawing("a b c d e:over", "a-b b-c c-d d-e");
const ROWS = rowsOf(CHAIN, KNOWN);

test("what has the focus is deleted, not what was opened before", () => {
  const store = storeOf(CHAIN);
  store.openDrawer("a");
  store.openDrawer(null);
  store.aim("e");
  store.removeSelected();
  expect(ids(store.document)).toEqual(["a", "b", "c", "d"]);
});

test("what has the focus is copied, not what was opened before", () => {
  const store = storeOf(CHAIN);
  store.openDrawer("a");
  store.aim("d");
  const { activities } = JSON.parse(store.copied() ?? "{}") as { activities: { id: string }[] };
  expect(activities.map(({ id }) => id)).toEqual(["d"]);
});

test("what is selected together with others is deleted with them", () => {
  const store = storeOf(CHAIN);
  store.choose(["b", "c", "b main c"]);
  store.aim("c");
  store.removeSelected();
  expect(ids(store.document)).toEqual(["a", "d", "e"]);
  store.undo();
  expect(store.document).toEqual(storeOf(CHAIN).document);
});

test("a way out that leads nowhere is nothing to delete or copy", () => {
  const store = storeOf(drawing("a b"));
  store.openDrawer("a");
  store.aim("b main");
  store.removeSelected();
  expect(ids(store.document)).toEqual(["a", "b"]);
  expect(store.copied()).toBeNull();
});

test("a focused transition is deleted, and nothing else", () => {
  const store = storeOf(CHAIN);
  store.openDrawer("a");
  store.aim("b main c");
  store.removeSelected();
  expect(ids(store.document)).toHaveLength(5);
  expect(store.document.transitions).toHaveLength(3);
});

test("nobody is told of a deletion where nothing may be edited", () => {
  const store = storeOf(CHAIN, false);
  store.aim("b main c");
  store.removeSelected();
  expect(store.state.notice).toBeNull();
});

test("several are selected from the one where it began, in both directions", () => {
  expect(between(ROWS, "b", "c")).toEqual(["b", "b main c", "c"]);
  expect(between(ROWS, "c", "b")).toEqual(["b", "b main c", "c"]);
  expect(between(ROWS, "gone", "c")).toEqual(["c"]);
  expect(between(ROWS, "a", "gone")).toEqual([]);
});

test("one is added to what is selected, or taken out of it", () => {
  expect(toggled(new Set(["a"]), "c")).toEqual(["a", "c"]);
  expect(toggled(new Set(["a", "c"]), "a")).toEqual(["c"]);
});

test("the focus goes to what stands before what is deleted, else behind it", () => {
  const at = (key: string) => ROWS.findIndex((row) => row.key === key);
  expect(ROWS[leftOver(ROWS, at("c"), new Set(["b", "c"]))]?.key).toBe("a main b");
  expect(ROWS[leftOver(ROWS, at("a"), new Set(["a"]))]?.key).toBe("b");
  expect(leftOver(ROWS, at("a"), new Set(["a", "b", "c", "d", "e"]))).toBe(-1);
});
