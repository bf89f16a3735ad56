import { expect, test } from "vitest";
import { canonicalText } from "../../src/model/canonical";
import type { Json } from "../../src/model/document";
import { configured } from "../../src/model/edits";
import { begun, done, redone, undone } from "../../src/model/history";
import { isDrawn } from "../../src/rules/forms";
import type { Edited, Mode, Path } from "../../src/rules/tree";
import { drawing } from "../drawings";
import { added, at, bodyAt, changed, duplicated, indented, isGroup, isRule, mayOutdent, movedBy, outdented, pointer, put, removed, samePath, seatOf, wheres, withMode, wrapped } from "../../src/rules/tree";

const c = (attribute: string, more: { [name: string]: Json } = {}): Json => ({ kind: "condition", attribute, operator: "is_true", ...more });
const all = (...of: Json[]): Json => ({ kind: "all", of });
const any = (...of: Json[]): Json => ({ kind: "any", of });
const not = (of: Json): Json => ({ kind: "not", of });
const exists = (where?: Json): Json => ({ kind: "exists", link: "orders", ...(where === undefined ? {} : { where }) });

/** Kinds and members that no form here knows. */
const STRANGE: Json = { kind: "future", z: [1, { deep: "‮ <b>" }], a: null, 한글: 1.5 };
const ODD: Json = { kind: "condition", attribute: "a", operator: "equal", value: { moon: "full", when: [1] }, note: "kept" };

const names = (rule: Json | undefined): string => {
  if (!isRule(rule)) return "?";
  if (rule["kind"] === "condition") return String(rule["attribute"]);
  if (rule["kind"] === "not") return `not(${names(rule["of"])})`;
  if (Array.isArray(rule["of"])) return `${String(rule["kind"])}(${rule["of"].map(names).join(" ")})`;
  if (rule["kind"] === "exists") return `exists(${rule["where"] === undefined ? "" : names(rule["where"])})`;
  return String(rule["kind"]);
};

const shown = ({ rule, path }: Edited): string => `${rule === null ? "nothing" : names(rule)} @${pointer(path)}`;

test("the first condition is the rule itself, the second makes a list of both", () => {
  const first = added(null, [], [c("a")]);
  expect(shown(first)).toBe("a @");
  expect(shown(added(first.rule, [], [c("b")]))).toBe("all(a b) @/of/1");
  expect(shown(added(all(c("a"), c("b")), [], [c("x")], 0))).toBe("all(a x b) @/of/1");
});

test("a condition is added to a where, and an empty group keeps its word", () => {
  expect(shown(added(exists(), ["where"], [c("a")]))).toBe("exists(a) @/where");
  expect(shown(added(exists(c("a")), ["where"], [c("b")]))).toBe("exists(all(a b)) @/where/of/1");
  expect(shown(added({ kind: "any", of: [] }, [], [c("a")]))).toBe("any(a) @/of/0");
});

test("none of these is the opposite of any of these, and a single one is taken as it is", () => {
  expect(names(withMode(all(c("a"), c("b")), [], "none").rule)).toBe("not(any(a b))");
  expect(names(withMode(c("a"), [], "none").rule)).toBe("not(a)");
  expect(names(withMode(not(c("a")), [], "all").rule)).toBe("a");
  expect(names(withMode(not(any(c("a"), c("b"))), [], "any").rule)).toBe("any(a b)");
  expect(bodyAt(not(any(c("a"), c("b"))), []).items.map(({ path }) => pointer(path))).toEqual(["/of/of/0", "/of/of/1"]);
  expect(bodyAt(not(c("a")), []).items.map(({ path }) => pointer(path))).toEqual(["/of"]);
  expect(shown(added(not(c("a")), [], [c("b")]))).toBe("not(any(a b)) @/of/of/1");
});

test("what is left when a condition goes means what is seen", () => {
  expect(shown(removed(c("a"), []))).toBe("nothing @");
  expect(shown(removed(all(c("a"), c("b")), ["of", 1]))).toBe("all(a) @/of/0");
  expect(shown(removed(exists(c("a")), ["where"]))).toBe("exists() @/where");
  expect(Object.keys(removed(exists(c("a")), ["where"]).rule as object)).toEqual(["kind", "link"]);
  expect(shown(removed(all(any(c("a")), c("b")), ["of", 0, "of", 0]))).toBe("all(b) @/of/0");
  expect(shown(removed(not(any(c("a"), c("b"))), ["of", "of", 0]))).toBe("not(b) @/of");
});

test("without the first of an except the others still must not hold", () => {
  const rule: Json = { kind: "except", of: [c("a"), c("b"), c("c")] };
  expect(names(removed(rule, ["of", 0]).rule)).toBe("not(any(b c))");
  expect(names(removed(rule, ["of", 1]).rule)).toBe("except(a c)");
  expect(names(removed({ kind: "except", of: [c("a"), c("b")] }, ["of", 1]).rule)).toBe("a");
  expect(names(outdented(all({ kind: "except", of: [c("a"), c("b")] }), ["of", 0, "of", 0]).rule)).toBe("all(not(b) a)");
});

test("conditions move among their neighbours and not beyond", () => {
  const rule = all(c("a"), c("b"), c("d"));
  expect(shown(movedBy(rule, ["of", 1], -1))).toBe("all(b a d) @/of/0");
  expect(shown(movedBy(rule, ["of", 1], 1))).toBe("all(a d b) @/of/2");
  expect(movedBy(rule, ["of", 0], -1).rule).toBe(rule);
  expect(movedBy(rule, ["of", 2], 1).rule).toBe(rule);
});

test("a condition goes into the group before it, or into a new one, and comes out behind it", () => {
  expect(shown(indented(all(any(c("a")), c("b")), ["of", 1]))).toBe("all(any(a b)) @/of/0/of/1");
  expect(shown(indented(all(c("a"), c("b")), ["of", 1]))).toBe("all(a any(b)) @/of/1/of/0");
  expect(shown(outdented(all(any(c("a"), c("b")), c("d")), ["of", 0, "of", 0]))).toBe("all(any(b) a d) @/of/1");
  expect(shown(outdented(all(any(c("a")), c("d")), ["of", 0, "of", 0]))).toBe("all(a d) @/of/0");
  expect(shown(wrapped(any(c("a"), c("b")), ["of", 0]))).toBe("any(all(a) b) @/of/0/of/0");
});

test("nothing leaves a where: outside it would be asked of another row", () => {
  expect(mayOutdent(exists(all(c("a"), c("b"))), ["where", "of", 0])).toBe(false);
  expect(mayOutdent(exists(c("a")), ["where"])).toBe(false);
  expect(mayOutdent(exists(all(any(c("a")))), ["where", "of", 0, "of", 0])).toBe(true);
});

test("a condition is doubled behind itself", () => expect(shown(duplicated(all(c("a"), c("b")), ["of", 0]))).toBe("all(a a b) @/of/1"));

test("a member is taken away without moving the others", () => {
  expect(JSON.stringify(put({ b: 1, a: 2, c: 3 }, ["a"], undefined))).toBe('{"b":1,"c":3}');
  expect(JSON.stringify(put({ b: 1, a: 2, c: 3 }, ["a"], 5))).toBe('{"b":1,"a":5,"c":3}');
});

test("every condition has a seat, wherever it stands", () => {
  const rule = all(exists(any(c("a"), exists(c("b")))), not(any(c("d"), c("e"))), not(c("f")));
  const rows = everyRow(rule);
  expect(rows).toHaveLength(9);
  for (const path of rows) expect(seatOf(rule, path)?.body.items.some((item) => samePath(item.path, path))).toBe(true);
});

function everyRow(root: Json, place: Path = []): Path[] {
  return bodyAt(root, place).items.flatMap(({ path, rule }) => [
    path,
    ...(isGroup(rule) ? everyRow(root, path) : isRule(rule) && isDrawn(rule) ? wheres(rule).flatMap((inner) => everyRow(root, [...path, ...inner])) : []),
  ]);
}

/** The same numbers at every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const EDITS: ((root: Json, path: Path, pick: () => number) => Edited)[] = [
  (root, path) => movedBy(root, path, 1),
  (root, path) => movedBy(root, path, -1),
  (root, path) => indented(root, path),
  (root, path) => outdented(root, path),
  (root, path) => wrapped(root, path),
  (root, path) => duplicated(root, path),
  (root, path) => added(root, seatOf(root, path)?.body.at ?? [], [c("new")], seatOf(root, path)?.index),
  (root, path, pick) => withMode(root, seatOf(root, path)?.body.at ?? [], (["all", "any", "none", "except"] as Mode[])[Math.floor(pick() * 4)] ?? "all"),
  (root, path) => (at(root, path) === STRANGE || at(root, path) === ODD ? { rule: root, path } : changed(root, path, at(root, path) as never)),
];

const holds = (root: Json, part: Json): boolean => root === part || (Array.isArray(root) ? root.some((each) => holds(each, part)) : isRule(root) && Object.values(root).some((each) => holds(each, part)));

test("whatever is done around them, parts that are not known stay the very same, and paths lead to rows", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const pick = chance(seed);
    let rule: Json = all(c("a"), any(STRANGE, c("b")), exists(all(c("d"), ODD)), not(any(c("e"), exists(not(STRANGE)))));
    for (let step = 0; step < 25; step++) {
      const rows = everyRow(rule);
      const path = rows[Math.floor(pick() * rows.length)] ?? [];
      const before = JSON.stringify(rule);
      const old = rule;
      const next = (EDITS[Math.floor(pick() * EDITS.length)] ?? EDITS[0])?.(rule, path, pick);
      if (!next) continue;
      expect(JSON.stringify(old)).toBe(before);
      rule = next.rule;
      expect(holds(rule, STRANGE)).toBe(true);
      expect(holds(rule, ODD)).toBe(true);
      expect(at(rule, next.path), `${pointer(next.path)} in ${JSON.stringify(rule)}`).toBeDefined();
    }
  }
});

test("edits are undone one by one, and typing in one place is one step", () => {
  const start = configured(drawing("a", ""), "a", { rule: all(c("a"), STRANGE, ODD) });
  const ruleOf = (history: ReturnType<typeof begun>) => (history.present.activities?.[0]?.config?.["rule"] ?? null) as Json;
  const write = (history: ReturnType<typeof begun>, rule: Json, mark: string) => done(history, configured(history.present, "a", { rule }), mark);
  let history = begun(start);
  history = write(history, added(ruleOf(history), [], [c("b")]).rule, "step 1");
  history = write(history, movedBy(ruleOf(history), ["of", 3], -1).rule, "step 2");
  for (const text of ["x", "xy", "xyz"]) history = write(history, put(ruleOf(history), ["of", 0, "value"], text), "/of/0");
  history = write(history, removed(ruleOf(history), ["of", 2]).rule, "step 3");
  expect(history.past).toHaveLength(4);
  const last = canonicalText(history.present);
  for (let step = 0; step < 4; step++) history = undone(history);
  expect(canonicalText(history.present)).toBe(canonicalText(start));
  for (let step = 0; step < 4; step++) history = redone(history);
  expect(canonicalText(history.present)).toBe(last);
});
