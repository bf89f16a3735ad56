import { expect, test } from "vitest";
import type { Problem } from "../src/api/client";
import type { Known } from "../src/model/kinds";
import { worded } from "../src/model/wording";
import { drawing, kind } from "./drawings";

const until = {
  title: "Wait",
  discriminator: { propertyName: "kind" },
  oneOf: [{ type: "object", properties: { kind: { const: "duration" }, amount: { type: "integer", title: "Amount" } } }],
};
const settings = {
  type: "object",
  properties: {
    until,
    pairs: { type: "array", title: "Pairs", items: { type: "object", properties: { one: { type: "string", title: "Of the one" } } } },
  },
};
const KNOWN: Known = { kinds: new Map([["a", kind("a", { settings })]]), ports: {} };
const DOCUMENT = { ...drawing("a"), activities: [{ id: "a", type: "a" }] };
const said = (path: string, message: string) => {
  const problem: Problem = { code: "x", path, message, remedy: "", severity: "error", activity: "a" };
  return worded([problem], DOCUMENT, KNOWN)[0]?.message;
};

test("a setting is called by its title, wherever it stands", () => {
  expect(said("/activities/0/config/until", "“until” is missing.")).toBe("“Wait” is missing.");
  expect(said("/activities/0/config", "Give “until” or “pairs”.")).toBe("Give “Wait” or “Pairs”.");
  expect(said("/activities/0/config/until/amount", "“amount” is missing.")).toBe("“Amount” is missing.");
  expect(said("/activities/0/config/pairs/3/one", "“one” is missing.")).toBe("“Of the one” is missing.");
});

test("what is no setting stays as it is written", () => {
  expect(said("/activities/0/config/until", "Nothing is called “Busan”.")).toBe("Nothing is called “Busan”.");
  expect(said("/activities/0/label", "“until” is odd.")).toBe("“until” is odd.");
  expect(said("/activities/7/config/until", "“until” is missing.")).toBe("“until” is missing.");
});
