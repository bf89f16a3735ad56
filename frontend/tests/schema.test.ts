import { expect, test } from "vitest";
import type { Node } from "../src/model/schema";
import { Schema } from "../src/model/schema";

const kind = (node: Node, root: Node = {}) => new Schema(root).field(node).kind;

test("what cannot be drawn is edited as JSON", () => {
  expect(kind({})).toBe("json");
  expect(kind({ $ref: "#/$defs/Gone" })).toBe("json");
  expect(kind({ type: "object" })).toBe("json");
  expect(kind({ type: "object", properties: {}, widget: "rule" })).toBe("json");
  expect(kind({ type: "array", items: {} })).toBe("json");
  expect(kind({ anyOf: [{ type: "string" }, { type: "object", properties: {} }] })).toBe("json");
});

test("references that lead in a circle end", () => {
  expect(kind({ $ref: "#/$defs/A" }, { $defs: { A: { $ref: "#/$defs/A" } } })).toBe("json");
});

test("plain kinds", () => {
  expect(kind({ type: "string" })).toBe("text");
  expect(kind({ type: "integer" })).toBe("number");
  expect(kind({ type: "boolean" })).toBe("toggle");
  expect(kind({ type: "string", enum: ["a"] })).toBe("choice");
  expect(kind({ type: "array", items: { type: "string" } })).toBe("list");
  expect(kind({ type: "array", items: { type: "string", enum: ["a"] } })).toBe("choices");
});

test("null is taken out and known", () => {
  const field = new Schema({}).field({ anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], title: "Limit" });
  expect([field.kind, field.nullable, field.node["title"], field.node["minimum"]]).toEqual(["number", true, "Limit", 1]);
});

test("what stands beside a reference wins, and a model's own description is not shown", () => {
  const root = { $defs: { A: { type: "object", description: "for coders", title: "A", properties: {} } } };
  const { node } = new Schema(root).field({ $ref: "#/$defs/A", title: "Content" });
  expect([node["title"], node["description"]]).toEqual(["Content", undefined]);
});

test("values have the words that stand beside them", () => {
  const { choices } = new Schema({}).field({ enum: ["a", "b"], labels: { a: "Ah" } });
  expect(choices).toEqual([
    { value: "a", label: "Ah" },
    { value: "b", label: "b" },
  ]);
});

const WAIT = {
  $defs: {
    Fixed: { type: "object", properties: { kind: { const: "date", title: "Fixed time" }, at: { type: "string" } }, required: ["kind", "at"] },
    Length: {
      type: "object",
      properties: { kind: { const: "length", title: "Length" }, amount: { type: "integer", minimum: 1 }, unit: { type: "string", default: "days" } },
      required: ["kind", "amount"],
    },
  },
  discriminator: { propertyName: "kind", mapping: {} },
  oneOf: [{ $ref: "#/$defs/Length" }, { $ref: "#/$defs/Fixed" }],
};

test("a union has its members by the discriminator, in order", () => {
  const schema = new Schema(WAIT);
  expect(schema.field(WAIT).kind).toBe("union");
  expect(schema.variants(WAIT).map(({ value, label }) => [value, label])).toEqual([
    ["length", "Length"],
    ["date", "Fixed time"],
  ]);
});

test("a blank has what is required and nothing else", () => {
  expect(new Schema(WAIT).blank(WAIT)).toEqual({ kind: "length", amount: 1 });
  expect(new Schema({}).blank({ type: "string", default: "x" })).toBe("x");
  expect(new Schema({}).blank({ anyOf: [{ type: "string" }, { type: "null" }] })).toBeNull();
});
