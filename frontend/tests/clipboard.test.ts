import { expect, test } from "vitest";
import { asText, fromText } from "../src/model/clipboard";
import { cutting } from "../src/model/edits";
import { derivedId, freeId } from "../src/model/ids";
import { drawing } from "./drawings";

test.each([
  ["nothing", ""],
  ["a sentence", "Dear all, see below"],
  ["half of it", '{"kind": "tutti/cutting", "activities": [{"id": '],
  ["another thing's JSON", '{"kind": "figma", "activities": []}'],
  ["null", "null"],
  ["a list", "[1, 2]"],
  ["no activities", '{"kind": "tutti/cutting", "activities": []}'],
  ["activities that are none", '{"kind": "tutti/cutting", "activities": [1, {"id": "a"}]}'],
  ["an id that is none", '{"kind": "tutti/cutting", "activities": [{"id": "<b>", "type": "step"}]}'],
  ["one id twice", '{"kind": "tutti/cutting", "activities": [{"id": "a", "type": "x"}, {"id": "a", "type": "x"}]}'],
])("%s is no cutting", (_name, text) => expect(fromText(text)).toBeNull());

test("transitions and places of strangers are left behind", () => {
  const text = JSON.stringify({
    kind: "tutti/cutting",
    activities: [{ id: "a", type: "step", more: 1, config: [], label: 5 }],
    transitions: [{ from: "a", to: "z" }, 7],
    layout: { a: [1, 2], z: [3, 4], __proto__: 1 },
  });
  expect(fromText(text)).toEqual({ activities: [{ id: "a", type: "step" }], transitions: [], layout: { a: [1, 2] } });
});

test("a cutting survives the clipboard", () => {
  const cut = cutting({ ...drawing("a b", "a.rest-b"), layout: { a: [1, 2] } }, new Set(["a", "b"]));
  expect(fromText(asText(cut))).toEqual(cut);
});

test.each([
  ["Build audience", "build-audience"],
  ["안녕", "activity"],
  ["--__", "activity"],
  ["a".repeat(90), "a".repeat(56)],
  ["x__y--z", "x_y-z"],
])("%s becomes an id", (wanted, id) => expect(freeId(drawing(""), wanted)).toBe(id));

test.each([
  ["Gold members", "port", "gold-members"],
  ["Gold members", "column", "gold_members"],
  ["2018 spend", "column", "column_3"],
  ["금 회원", "port", "port-3"],
])("the id of “%s” as a %s is %s", (label, widget, id) => expect(derivedId(label, widget, 3)).toBe(id));
