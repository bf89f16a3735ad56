import { expect, test } from "vitest";
import type { Operation } from "../src/model/patch";
import { patched } from "../src/model/patch";
import { drawing } from "./drawings";

const DOCUMENT = drawing("a b c", "a-b b-c");
const after = (...operations: Operation[]) => patched(DOCUMENT, operations);

test.each<[string, Operation]>([
  ["a place that is not there", { op: "remove", path: "/activities/7" }],
  ["a place behind the last one", { op: "add", path: "/activities/4", value: {} }],
  ["no number", { op: "replace", path: "/activities/01", value: {} }],
  ["a name that every object has", { op: "remove", path: "/constructor" }],
  ["a name that is not there", { op: "replace", path: "/campaign/x", value: 1 }],
  ["a part of a text", { op: "add", path: "/campaign/slug/x", value: 1 }],
  ["the whole", { op: "remove", path: "" }],
  ["another value", { op: "test", path: "/activities/0/id", value: "b" }],
])("%s does not fit", (_why, operation) => expect(after(operation)).toBeNull());

test("nothing is done where the last step does not fit", () => {
  const before = JSON.stringify(DOCUMENT);
  expect(after({ op: "remove", path: "/activities/0" }, { op: "test", path: "/campaign/slug", value: "x" })).toBeNull();
  expect(JSON.stringify(DOCUMENT)).toBe(before);
});

test("parts go, come and change", () => {
  expect(after({ op: "remove", path: "/transitions/1" })?.transitions).toEqual([{ from: "a", to: "b" }]);
  expect(after({ op: "add", path: "/transitions/-", value: { from: "a", to: "c" } })?.transitions).toHaveLength(3);
  expect(after({ op: "add", path: "/transitions/0/port", value: "rest" })?.transitions?.[0]).toEqual({ from: "a", port: "rest", to: "b" });
  expect(after({ op: "replace", path: "/campaign/name", value: "D" })?.campaign).toEqual({ slug: "c", name: "D" });
  expect(after({ op: "add", path: "/schedule", value: { "a/b": 1 } }, { op: "remove", path: "/schedule/a~1b" })?.schedule).toEqual({});
});

test("a test that holds changes nothing", () => {
  expect(after({ op: "test", path: "/transitions/0", value: { to: "b", from: "a" } })).toBe(DOCUMENT);
});
