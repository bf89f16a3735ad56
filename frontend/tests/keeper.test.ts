import { expect, test } from "vitest";
import { configured, renamed } from "../src/model/edits";
import type { Shelf } from "../src/saving/keeper";
import { Keeper } from "../src/saving/keeper";
import type { Ground } from "../src/saving/rewrites";
import { rewritten } from "../src/saving/rewrites";
import { drawing } from "./drawings";
import { Memory } from "./memory";

const keeper = (shelf: Shelf, tab = "t", slug = "c") => new Keeper(shelf, "1", slug, tab);
const ground = (etag: string): Ground => ({ base: drawing(""), etag, rewrites: [] });
const nobody = () => false;

test("a full browser is told, not thrown", () => {
  const shelf = new Memory();
  shelf.isFull = true;
  expect(keeper(shelf).keep(drawing("a"), ground('"1"'))).toBe(false);
});

test("what is broken, foreign or of another campaign is not recovered, and stays where it is", () => {
  const shelf = new Memory();
  shelf.setItem("tutti-canvas:1:c:t", "{half");
  shelf.setItem("tutti-canvas:1:c:x", "{half");
  shelf.setItem("tutti-canvas:1:c:y", '{"document": {"tutti": 2}, "etag": "1"}');
  shelf.setItem("tutti-canvas:1:c:z", '{"document": {"tutti": 1}, "base": {"tutti": 1}, "etag": "1", "at": 1}');
  keeper(shelf, "t", "other").keep(drawing("a"), ground('"1"'));
  expect([keeper(shelf).recovered(), keeper(shelf).left(nobody)]).toEqual([null, []]);
  expect(shelf.length).toBe(5);
});

test("a reload finds what the tab kept, with what it went on from and long numbers as they are", () => {
  const shelf = new Memory();
  const [mine, sent] = [configured(drawing("a"), "a", { value: 9007199254740993n }), renamed(drawing("a"), "a", "x ")];
  const rewrites = rewritten(sent, renamed(drawing("a"), "a", "x"));
  keeper(shelf).keep(mine, { ...ground('"7"'), rewrites });
  expect(keeper(shelf).recovered()?.kept).toMatchObject({ etag: '"7"', document: mine, rewrites });
});

test.each([undefined, 5, [null], [{ kind: "activity", name: "a", sent: 1, saved: 5 }], [{ kind: "layout", name: "", sent: 1, saved: [] }]])(
  "rewrites that are none are left out: %j",
  (rewrites) => {
    const shelf = new Memory();
    shelf.setItem("tutti-canvas:1:c:t", JSON.stringify({ document: drawing("a"), base: drawing(""), etag: "1", at: 1, rewrites }));
    expect(keeper(shelf).recovered()?.kept.rewrites).toEqual([]);
  },
);

test("what an open tab keeps is its own; what closed ones left is found, the latest first, and erased by nobody", () => {
  const shelf = new Memory();
  const kept = (at: number, id: string) => JSON.stringify({ document: drawing(id), ...ground('"7"'), at });
  shelf.setItem("tutti-canvas:1:c:early", kept(1, "a"));
  shelf.setItem("tutti-canvas:1:c:late", kept(2, "b"));
  keeper(shelf).keep(drawing("c"), ground('"7"'));
  expect(keeper(shelf).left(() => true)).toEqual([]);
  expect(keeper(shelf).left(nobody).map(({ key }) => key.split(":").at(-1))).toEqual(["late", "early"]);
  expect(keeper(shelf).recovered()?.kept.document).toEqual(drawing("c"));
  expect(shelf.length).toBe(3);
  keeper(shelf).forget();
  expect(shelf.length).toBe(2);
});
