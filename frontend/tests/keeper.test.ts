import { expect, test } from "vitest";
import type { Shelf } from "../src/saving/keeper";
import { Keeper } from "../src/saving/keeper";
import { drawing } from "./drawings";
import { Memory } from "./memory";

const keeper = (shelf: Shelf, tab = "t", slug = "c") => new Keeper(shelf, "1", slug, tab);

test("a full browser is told, not thrown", () => {
  const shelf = new Memory();
  shelf.isFull = true;
  expect(keeper(shelf).keep(drawing("a"), drawing(""), '"1"')).toBe(false);
});

test("what is broken, foreign or of another campaign is not recovered", () => {
  const shelf = new Memory();
  shelf.setItem("tutti-canvas:1:c:x", "{half");
  shelf.setItem("tutti-canvas:1:c:y", '{"document": {"tutti": 2}, "etag": "1"}');
  shelf.setItem("tutti-canvas:1:c:z", '{"document": {"tutti": 1}, "base": {"tutti": 1}, "etag": "1", "at": 1}');
  keeper(shelf, "t", "other").keep(drawing("a"), drawing(""), '"1"');
  expect(keeper(shelf).recover(() => false)).toBeNull();
});

test("a reload finds what the tab kept", () => {
  const shelf = new Memory();
  keeper(shelf).keep(drawing("a"), drawing(""), '"7"');
  expect(keeper(shelf).recover(() => true)).toMatchObject({ etag: '"7"', document: drawing("a") });
});

test("what an open tab keeps is its own; what a closed one left is taken over once", () => {
  const shelf = new Memory();
  keeper(shelf, "other").keep(drawing("a"), drawing(""), '"7"');
  expect(keeper(shelf).recover(() => true)).toBeNull();
  expect(keeper(shelf).recover(() => false)).not.toBeNull();
  expect([...shelf.entries.keys()]).toEqual(["tutti-canvas:1:c:t"]);
  keeper(shelf).forget();
  expect(shelf.length).toBe(0);
});
