import { expect, test } from "vitest";
import type { Problem } from "../../src/api/client";
import type { Json } from "../../src/model/document";
import { readJson, writeJson } from "../../src/model/json";
import { aboutOf, attributeNamed, besides, collectionNamed, endOf } from "../../src/rules/about";
import type { Place, TableInfo } from "../../src/rules/api";
import { placeKey } from "../../src/rules/api";
import { asLinked, filter, linkedKind, slugOf } from "../../src/rules/blanks";
import { atFault, completed, offsetOf, suggested, wordAt } from "../../src/rules/completion";
import { deepest } from "../../src/rules/evaluating";
import { problemsByRow, rowsOf } from "../../src/rules/findings";
import { isDrawn, isFilled } from "../../src/rules/forms";
import { en, ko } from "../../src/rules/messages";
import { matching } from "../../src/ui/SearchList";
import { literalOf, operandKind, otherPeriod, reshaped, textOf, withMember } from "../../src/rules/operands";
import { pruned } from "../../src/rules/pruned";
import { stepsOf } from "../../src/rules/steps";

const c = (attribute: string, value: Json = 1): Json => ({ kind: "condition", attribute, operator: "equal", value });

test("what is written in a way that is not known is not drawn", () => {
  expect(isDrawn(c("a"))).toBe(true);
  expect(isDrawn({ ...(c("a") as object), comment: "x" } as Json)).toBe(false);
  expect(isDrawn({ kind: "future" })).toBe(false);
  expect(isDrawn(c("a", { last: 3, weight: 2 }))).toBe(false);
  expect(isDrawn(c("a", { last: "3" }))).toBe(false);
  expect(isDrawn({ kind: "filter", filter: "f", frozen: {} })).toBe(false);
  expect(isDrawn({ kind: "all", of: [c("a")], label: "x" })).toBe(false);
  expect(isDrawn({ kind: "not", of: [c("a")] })).toBe(false);
  expect(isDrawn({ kind: "sequence", link: "o", at: "t", steps: [{ where: c("a"), since: 1 }, {}] })).toBe(false);
  expect(isDrawn({ kind: "nth", link: "o", by: { name: "j", path: ["a"], type: "decimal" }, n: 2, negate: true })).toBe(true);
});

test("a long number of the data is a literal that is shown and kept as it is", () => {
  const { values } = readJson('{"values": [{"value": 9007199254740993}]}') as { values: { value: Json }[] };
  const value = values[0]?.value ?? null;
  expect([operandKind(value), operandKind([value])]).toEqual(["literal", "list"]);
  expect(textOf(value)).toBe("9007199254740993");
  expect(writeJson({ value: reshaped(value, "list", "integer") })).toBe('{"value":[9007199254740993]}');
});

test("operands are known by their members, and lists by their items", () => {
  expect(operandKind("x")).toBe("literal");
  expect(operandKind(null)).toBe(null);
  expect(operandKind([1, { variable: "v" }, { today: -3 }])).toBe("list");
  expect(operandKind([1, { moon: 1 }])).toBe(null);
  expect(operandKind({ this: "month", shift: -1, anchor: "a" })).toBe("this");
  expect(operandKind({ days: [0, 7] })).toBe("days");
  expect(operandKind({ days: [0] })).toBe(null);
});

test("a value is kept under another operator as far as that takes it", () => {
  expect(reshaped("a", "list", "text")).toEqual(["a"]);
  expect(reshaped(["a", "b"], "one", "text")).toBe("a");
  expect(reshaped(3, "pair", "integer")).toEqual([3, ""]);
  expect(reshaped({ last: 3 }, "one", "date")).toBe("");
  expect(reshaped({ last: 3 }, "period", "date")).toEqual({ last: 3 });
  expect(reshaped(3, "nothing", "integer")).toBeUndefined();
});

test("numbers stay exact", () => {
  expect(literalOf("12", "integer")).toBe(12);
  expect(literalOf("12.50", "decimal")).toBe("12.50");
  expect(literalOf("12345678901234567890", "integer")).toBe("12345678901234567890");
  expect(literalOf("007", "text")).toBe("007");
});

test("a period keeps its number, unit and anchor", () => {
  expect(otherPeriod({ last: 3, unit: "week", anchor: "a" }, "older_than")).toEqual({ older_than: 3, unit: "week", anchor: "a" });
  expect(otherPeriod({ last: 3, unit: "hour" }, "this")).toEqual({ this: "day" });
  expect(otherPeriod({ this: "month", shift: -1 }, "last")).toEqual({ last: 1, unit: "month" });
});

test("defaults are left out, and what is there stays in its place", () => {
  expect(JSON.stringify(withMember({ n: 2, kind: "nth" }, "n", 3, 1))).toBe('{"n":3,"kind":"nth"}');
  expect(JSON.stringify(withMember({ n: 2, kind: "nth" }, "n", 1, 1))).toBe('{"kind":"nth"}');
});

test("linked rows asked in another way keep their link and their condition", () => {
  const some = { kind: "exists", link: "orders", where: c("a") };
  const count = asLinked(some, "count", "at");
  expect(count).toEqual({ kind: "aggregate", link: "orders", function: "count", where: c("a"), operator: "greater_or_equal", value: 1 });
  expect(asLinked(count, "no", "at")).toEqual({ ...some, negate: true });
  expect(asLinked(some, "nth", "at")).toEqual({ kind: "nth", link: "orders", by: "at", among: c("a") });
  const steps = asLinked(asLinked(some, "nth", "at"), "sequence", "");
  expect(steps).toEqual({ kind: "sequence", link: "orders", at: "at", steps: [{ where: c("a") }, {}] });
  expect(asLinked(steps, "some", "")).toEqual(some);
  expect(["some", "count", "sequence"]).toEqual([some, count, steps].map(linkedKind));
});

test("unfinished parts are left out, and what is left knows where it was", () => {
  const rule: Json = { kind: "all", of: [c("", 1), c("b"), { kind: "exists", link: "o", where: { kind: "any", of: [c("d"), c("e", "")] } }] };
  const { rule: part, places, left } = pruned(rule, isFilled);
  expect(part).toEqual({ kind: "all", of: [c("b"), { kind: "exists", link: "o", where: { kind: "any", of: [c("d")] } }] });
  expect([...places]).toEqual([
    ["", ""],
    ["/of/0", "/of/1"],
    ["/of/1", "/of/2"],
    ["/of/1/where", "/of/2/where"],
    ["/of/1/where/of/0", "/of/2/where/of/0"],
  ]);
  expect(left).toBe(2);
});

test("an except without its first, and a not of nothing, ask nothing", () => {
  expect(pruned({ kind: "except", of: [c(""), c("b")] }, isFilled).rule).toBe(null);
  expect(pruned({ kind: "except", of: [c("a"), c("")] }, isFilled).rule).toEqual({ kind: "all", of: [c("a")] });
  expect(pruned({ kind: "not", of: { kind: "any", of: [] } }, isFilled).rule).toBe(null);
  const whole: Json = { kind: "all", of: [c("a"), { kind: "exists", link: "o", where: c("b") }] };
  expect(pruned(whole, () => true).rule).toEqual(whole);
});

test("a value that is still to be given is not finished", () => {
  expect(isFilled({ kind: "condition", attribute: "a", operator: "between", value: [1, ""] })).toBe(false);
  expect(isFilled({ kind: "condition", attribute: "a", operator: "in", value: [] })).toBe(false);
  expect(isFilled({ kind: "condition", attribute: { expression: " " }, operator: "is_true" })).toBe(false);
  expect(isFilled({ kind: "condition", attribute: "a", operator: "equal", value: { variable: "" } })).toBe(false);
  expect(isFilled({ kind: "condition", attribute: "a", operator: "is_empty" })).toBe(true);
  expect(isFilled({ kind: "aggregate", link: "o", function: "sum", operator: "less", value: 3 })).toBe(false);
});

test("a problem stands at the deepest condition it is about", () => {
  const rule: Json = { kind: "all", of: [c("a"), { kind: "exists", link: "o", where: { kind: "not", of: c("b") } }] };
  expect(rowsOf(rule)).toEqual(["", "/of/0", "/of/1", "/of/1/where/of"]);
  const problem = { code: "x", path: "", message: "m", remedy: "", severity: "error" } as Problem;
  const way = (path: string) => ({ problem, way: path.split("/").slice(1) });
  const found = problemsByRow(rule, [way("/of/1/where/of/value"), way("/of/1/link"), way("/of/7"), way("")]);
  expect([...found].map(([place, list]) => [place, list.length])).toEqual([
    ["/of/1/where/of", 1],
    ["/of/1", 1],
    ["", 2],
  ]);
  expect(deepest("/of/10", ["", "/of/1"])).toBe("");
});

const table = (slug: string, collections: [string, string, boolean][], attributes: string[] = ["id"]): TableInfo => ({
  table: slug,
  label: slug,
  attributes: attributes.map((name) => ({ name, label: name, type: "text", group: "" })),
  collections: collections.map(([name, target, many]) => ({ name, label: name, group: "", table: target, many })),
});
const TABLES = new Map([
  ["person", table("person", [["orders", "orders", true], ["city", "city", false]], ["id", "city.name"])],
  ["orders", table("orders", [["lines", "lines", true]])],
  ["lines", table("lines", [])],
  ["city", table("city", [["mayor", "person", false]])],
]);
const tables = (slug: string) => TABLES.get(slug);
const PLACE: Place = {
  dimension: "p",
  table: "person",
  label: "",
  attributes: [{ name: "@x", label: "x", type: "text", group: "" }, { name: "id", label: "id", type: "text", group: "" }],
  incoming: [
    { source: "a", port: "main", table: "person", columns: [] },
    { source: "f", port: "rest", table: "orders", columns: [{ name: "@y", label: "y", type: "text", group: "" }] },
  ],
  dimensions: { p: "person", o: "orders" },
  variables: [],
  audiences: [],
};

test("links are followed step by step, as far as tables are known", () => {
  expect(endOf("person", "orders.lines", tables)).toBe("lines");
  expect(endOf("person", "orders.nothing", tables)).toBe("");
  expect(endOf("elsewhere", "orders", tables)).toBeUndefined();
  expect(collectionNamed("person", "orders.lines", tables)?.group).toBe("orders");
  expect(attributeNamed({ table: "person", columns: [] }, "city.mayor.id", tables)?.group).toBe("city → mayor");
  expect(attributeNamed({ table: "person", columns: PLACE.attributes }, "@x", tables)?.label).toBe("x");
});

test("a rule is about who comes in, or what stands beside it says", () => {
  const about = (node: { [name: string]: Json }, config: Json, field: string, place = PLACE) => aboutOf(node, config, field, place, tables);
  expect(about({}, {}, "/rule")).toEqual({ table: "person", columns: [PLACE.attributes[0]] });
  expect(about({}, { add: [{ link: "orders" }] }, "/add/0/where")).toEqual({ table: "orders", columns: [] });
  expect(about({ other_rows: true }, { dimension: "o" }, "/rule")?.table).toBe("orders");
  expect(about({}, { dimension: "o" }, "/filter")?.table).toBe("person");
  expect(about({ other_rows: true }, { add: [{ arrow: "f.rest" }] }, "/add/0/where")).toEqual({ table: "orders", columns: PLACE.incoming[1]?.columns });
  expect(about({}, { dimension: "o" }, "/rule", { ...PLACE, table: "", incoming: [] })?.table).toBe("orders");
  expect(besides({ "a/b": [{ x: 1 }] }, "/a~1b/0/where")).toEqual({ x: 1 });
});

test("the settings of the activity itself say nothing of its place", () => {
  const document = (config: Json) => ({ tutti: 1 as const, campaign: { slug: "c", name: "C" }, activities: [{ id: "a", type: "x", config: config as never }, { id: "b", type: "y" }] });
  expect(placeKey(document({ n: 1 }), "a")).toBe(placeKey(document({ n: 2 }), "a"));
  expect(placeKey(document({ n: 1 }), "b")).not.toBe(placeKey(document({ n: 2 }), "b"));
});

test("completion begins at the name, and not within quotes", () => {
  expect(wordAt("Lower(na", 8)).toEqual({ from: 6, word: "na" });
  expect(wordAt("'na", 3)).toBe(null);
  expect(wordAt("1 + @", 5)).toEqual({ from: 4, word: "@" });
  const offers = [
    { text: "Lower", label: "", detail: "", isFunction: true },
    { text: "name", label: "Full name", detail: "", isFunction: false },
    { text: "city.name", label: "Name", detail: "", isFunction: false },
  ];
  expect(suggested(offers, "na").map(({ text }) => text)).toEqual(["name", "city.name"]);
  expect(suggested(offers, "")).toEqual([]);
  expect(completed("1 + lo", 6, offers[0]!)).toEqual({ text: "1 + Lower()", cursor: 10 });
  expect(completed("lo(x)", 2, offers[0]!)).toEqual({ text: "Lower(x)", cursor: 6 });
});

test("a fault is shown at its place, also behind characters of two halves", () => {
  expect(offsetOf("😀x", 1)).toBe(2);
  expect(atFault("'😀' + nme", 6)).toEqual(["'😀' + ", "nme", ""]);
  expect(atFault("1 +", 3)).toEqual(["1 +", "", ""]);
});

test("a path into JSON is written with dots, and a dot in a key with two", () => {
  expect(stepsOf("plan.tier")).toEqual(["plan", "tier"]);
  expect(stepsOf("a..b.c")).toEqual(["a.b", "c"]);
});

test("names come before mentions", () => {
  const offer = (label: string, detail: string) => ({ key: label, label, detail, icon: "", group: "", value: label });
  expect(matching([offer("City", "of the name"), offer("Name", "")], "name").map(({ label }) => label)).toEqual(["Name", "City"]);
});

test("a slug is made of any label", () => {
  expect(slugOf("Ärger & Café 2")).toBe("arger_cafe_2");
  expect(slugOf("단골 고객")).toMatch(/^filter_[a-z0-9]+$/);
});

test("no Korean text of the builder is empty or was left in English", () => {
  const flat = (messages: object): [string, unknown][] =>
    Object.entries(messages).flatMap(([name, text]) =>
      typeof text === "object" && text !== null ? flat(text).map(([inner, each]) => [`${name}.${inner}`, each] as [string, unknown]) : [[name, text] as [string, unknown]],
    );
  const english = new Map(flat(en));
  expect(flat(ko).filter(([name, text]) => text === "" || text === english.get(name))).toEqual([]);
});

test("a filter that is referred to begins with what its form shows", () => {
  const parameters = [{ name: "when", type: "period" as const }, { name: "city", type: "text" as const }, { name: "least", type: "number" as const, default: 3 }];
  expect(filter("loyal", parameters)).toEqual({ kind: "filter", filter: "loyal", parameters: { when: { last: 30 } } });
  expect(filter("plain", [])).toEqual({ kind: "filter", filter: "plain" });
});
