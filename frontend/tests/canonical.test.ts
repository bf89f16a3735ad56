import { expect, test } from "vitest";
import { canonicalText, inOrder, meaningText, sameJson, tidied } from "../src/model/canonical";
import { moved } from "../src/model/edits";
import { drawing } from "./drawings";

test("parts stand in their order and names are sorted", () => {
  const text = canonicalText(drawing("b a", "b-a a-b"));
  expect(text.indexOf('"a"')).toBeLessThan(text.indexOf('"b"'));
  expect(text.startsWith('{\n "activities"')).toBe(true);
  expect(text.endsWith("}\n")).toBe(true);
});

test("empty parts and what equals its default are left out", () => {
  const document = { ...drawing("a"), transitions: [], layout: {}, variables: {} };
  expect(Object.keys(tidied(document))).toEqual(["tutti", "campaign", "activities"]);
});

test("an arrow by the main port does not name it", () => {
  const document = { ...drawing("a b"), transitions: [{ from: "a", port: "main", to: "b", label: "" }] };
  expect(tidied(document).transitions).toEqual([{ from: "a", to: "b" }]);
});

test("the order is by code point, as the server's", () => {
  expect(["\u{1F600}", "\uFFFD", "b", "B", "가"].sort(inOrder)).toEqual(["B", "b", "가", "\uFFFD", "\u{1F600}"]);
});

test("places are no part of the meaning", () => {
  const document = drawing("a");
  expect(meaningText(moved(document, { a: [7, 7] }))).toBe(meaningText(document));
  expect(canonicalText(moved(document, { a: [7, 7] }))).not.toBe(canonicalText(document));
});

test("the same JSON in another order is the same", () => {
  expect(sameJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(sameJson({ b: [1, 2] }, { b: [2, 1] })).toBe(false);
  expect(sameJson(undefined, null)).toBe(true);
});
