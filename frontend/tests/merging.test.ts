import { expect, test } from "vitest";
import { tidied } from "../src/model/canonical";
import { connected, removed, renamed } from "../src/model/edits";
import type { CampaignDocument } from "../src/model/document";
import type { Side } from "../src/saving/merging";
import { clashes, compared, drifted, moves, rebased, settledBy } from "../src/saving/merging";
import { arrowName, keyOfPart } from "../src/saving/parts";
import { KNOWN, arrows, drawing, ids } from "./drawings";

function together(base: CampaignDocument, theirs: CampaignDocument, mine: CampaignDocument, side: Side = "mine") {
  const found = compared(base, theirs, mine);
  const sides = new Map(found.map((each) => [keyOfPart(each), side]));
  const settled = { parts: settledBy(found, sides), drifts: drifted(base.layout, theirs.layout, mine.layout) };
  return { found, document: rebased(mine, settled), undone: rebased(base, settled) };
}

const labels = (document: CampaignDocument) => document.activities?.map(({ label }) => label ?? "");

test("of what both changed the chosen one stays", () => {
  const base = drawing("a");
  const [theirs, mine] = [renamed(base, "a", "theirs"), renamed(base, "a", "mine")];
  expect(together(base, theirs, mine).found.map(({ fate }) => fate)).toEqual(["both"]);
  expect(labels(together(base, theirs, mine, "mine").document)).toEqual(["mine"]);
  expect(labels(together(base, theirs, mine, "theirs").document)).toEqual(["theirs"]);
});

test("what only one of both changed goes by itself, whatever is chosen", () => {
  const base = drawing("a b");
  for (const side of ["mine", "theirs"] as const) {
    const both = together(base, renamed(base, "b", "theirs"), renamed(base, "a", "mine"), side);
    expect(both.found.map(({ fate }) => fate).sort()).toEqual(["mine", "theirs"]);
    expect(labels(both.document)).toEqual(["mine", "theirs"]);
  }
});

test("a step that is undone does not take back what the other changed", () => {
  const base = drawing("a b");
  const { undone } = together(base, renamed(base, "b", "theirs"), renamed(base, "a", "mine"));
  expect(labels(undone)).toEqual(["", "theirs"]);
});

test("what I removed is removed, what they added is added", () => {
  const base = drawing("a b");
  const both = together(base, drawing("a b c"), drawing("b"));
  expect(ids(both.document)).toEqual(["b", "c"]);
});

test("no transition is left that leads to nothing", () => {
  const base = drawing("a b c", "a-b b-c");
  const both = together(base, removed(base, KNOWN, new Set(["b"])), renamed(base, "b", "mine"), "theirs");
  expect(arrows(both.document)).toEqual(["a-c"]);
});

test("whoever removed what the other connected has to choose", () => {
  const base = drawing("a b c", "a-b");
  const without = removed(base, KNOWN, new Set(["b"]));
  const more = connected(base, { from: "b", port: "main", to: "c" });
  for (const [theirs, mine] of [
    [without, more],
    [more, without],
  ] as const) {
    const { found } = together(base, theirs, mine);
    expect(found.find(({ kind }) => kind === "activity")?.fate).toBe("both");
  }
  expect(ids(together(base, without, more, "mine").document)).toEqual(["a", "b", "c"]);
  expect(arrows(together(base, without, more, "mine").document)).toEqual(["a-b", "b-c"]);
  expect(ids(together(base, without, more, "theirs").document)).toEqual(["a", "c"]);
  expect(ids(together(base, more, without, "mine").document)).toEqual(["a", "c"]);
  expect(arrows(together(base, more, without, "theirs").document)).toEqual(["a-b", "b-c"]);
});

test("variables, schedule, header and error policy are parts too", () => {
  const base = drawing("a");
  const theirs = {
    ...base,
    variables: { v: { type: "text", value: "x" } },
    schedule: { frequency: "daily" },
    campaign: { slug: "c", name: "New" },
    errors: { policy: "abort" },
  };
  expect(together(base, theirs, renamed(base, "a", "mine")).document).toEqual(tidied(renamed(theirs, "a", "mine")));
  expect(together(theirs, base, renamed(theirs, "a", "mine")).document).toEqual(renamed(base, "a", "mine"));
});

test("places follow unless they were changed here, and never need a choice", () => {
  const base = { ...drawing("a b"), layout: { a: [0, 0], b: [9, 9] } } as CampaignDocument;
  const theirs = { ...base, layout: { a: [1, 1], b: [2, 2] } } as CampaignDocument;
  const mine = { ...base, layout: { a: [5, 5], b: [9, 9] } } as CampaignDocument;
  const both = together(base, theirs, mine);
  expect([both.found, both.document.layout]).toEqual([[], { a: [5, 5], b: [2, 2] }]);
  expect(drifted(base.layout, mine.layout, mine.layout), "what was put there from here").toEqual([]);
  expect(moves(base, mine)).toEqual({ a: [5, 5] });
  expect(moves(base, drawing("a b"))).toEqual({ a: null, b: null });
});

test("ids that both gave to something new are found", () => {
  expect(clashes(drawing("a"), drawing("a b c"), drawing("a b d"))).toEqual(["b"]);
});

test("transitions are named as the server names them", () => {
  expect(arrowName({ from: "a", to: "b" })).toBe("a → b");
  expect(arrowName({ from: "a", port: "rest", to: "b" })).toBe("a.rest → b");
});
