import { expect, test } from "vitest";
import { joinedDuration, splitDuration } from "../src/fields/durations";
import { inputFor } from "../src/fields/moments";
import { rowsNamed } from "../src/fields/places";
import type { Config } from "../src/model/document";
import type { Node } from "../src/model/schema";
import type { Place } from "../src/rules/api";

test.each([
  ["P1D", "1", "days"],
  ["PT24H", "1", "days"],
  ["PT90M", "90", "minutes"],
  ["P1DT12H", "36", "hours"],
  ["PT0M", "0", "hours"],
  ["two days", "two days", "hours"],
  ["", "", "hours"],
])("%s is shown as %s %s", (text, amount, unit) => {
  expect(splitDuration(text)).toEqual({ amount, unit });
});

test.each([
  ["2", "days", "P2D"],
  ["6", "hours", "PT6H"],
  [" 90 ", "minutes", "PT90M"],
  ["1.5", "days", "1.5"],
  ["", "hours", ""],
] as const)("%s %s is written as %s", (amount, unit, text) => {
  expect(joinedDuration({ amount, unit })).toBe(text);
});

test("what the browser's field could not show stays text", () => {
  expect(inputFor("date_time", "2024-02-29T09:30")).toBe("datetime-local");
  expect(inputFor("date_time", "2024-02-29T09:30Z")).toBe("text");
  expect(inputFor("time", "")).toBe("time");
  expect(inputFor("time", "25:00")).toBe("text");
});

const column = (name: string) => ({ name, label: name, type: "text", group: "" });
const PLACE = {
  dimension: "person",
  table: "person",
  label: "People",
  attributes: [column("city"), column("@spent")],
  incoming: [{ source: "load", port: "main", table: "@file", columns: [column("@email")] }],
  dimensions: { person: "person", order: "orders" },
  variables: [],
  audiences: [],
} as unknown as Place;
const tables = () => ({ attributes: [], collections: [{ name: "orders", label: "Orders", table: "orders", many: true, group: "" }] }) as never;
const of = (config: Config, field: string, node: Node = {}) => rowsNamed(node, config, field, PLACE, tables);

test("a name is one of whoever comes in, with what they carry", () => {
  expect(of({ keys: ["x"] }, "/keys/0")).toEqual({ table: "person", columns: [column("@spent")] });
});

test("beside links, or inside what has them, it is one of the rows they lead to", () => {
  const config = { add: [{ link: "orders", attribute: "", fields: [{ attribute: "" }] }] };
  expect(of(config, "/add/0/attribute")?.table).toBe("orders");
  expect(of(config, "/add/0/fields/0/attribute")?.table).toBe("orders");
});

test("two that have to be equal are of either side", () => {
  const config = { dimension: "order", attributes: [{ source: "", destination: "" }] };
  expect(of(config, "/attributes/0/source", { of: "own" })?.table).toBe("person");
  expect(of(config, "/attributes/0/destination", { of: "other" })?.table).toBe("orders");
  const set = { rules: [{ arrow: "load", attributes: [{ primary: "", other: "" }] }] };
  expect(of(set, "/rules/0/attributes/0/other", { of: "other" })).toEqual({ table: "@file", columns: [column("@email")] });
});

test("where nobody comes in, the dimension that is chosen says whose", () => {
  const place = { ...PLACE, table: "", incoming: [] };
  expect(rowsNamed({}, { dimension: "order", dated: "" }, "/dated", place, tables)?.table).toBe("orders");
});
