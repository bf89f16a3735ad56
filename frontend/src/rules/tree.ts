// Edits of a rule as pure functions. A rule stays JSON: whatever a function does not change is the very same object, so
// that members nobody here knows are kept as they were written.
import type { Json } from "../model/document";

export type Rule = { [name: string]: Json };
export type Step = string | number;
export type Path = readonly Step[];

/** How the conditions of a body hold together. */
export type Mode = "all" | "any" | "none" | "except";

/** A place that holds conditions: the rule itself, a group, a `where`. Empty, one condition, or a list of them. */
export interface Body {
  readonly at: Path;
  readonly mode: Mode;
  readonly items: readonly Item[];
}

export interface Item {
  readonly path: Path;
  readonly rule: Json;
}

/** A rule as it is after an edit, and where to look then. */
export interface Edited {
  readonly rule: Json;
  readonly path: Path;
}

export const isRule = (value: Json | undefined): value is Rule => typeof value === "object" && value !== null && !Array.isArray(value);

export const pointer = (path: Path): string => path.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");

export function at(rule: Json, path: Path): Json | undefined {
  let found: Json | undefined = rule;
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)];
    else if (isRule(found)) found = found[String(step)];
    else return undefined;
  }
  return found;
}

/** `undefined` takes a member away. */
export function put(rule: Json, path: Path, value: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? null;
  if (Array.isArray(rule)) return rule.map((each, index) => (index === Number(step) ? put(each, rest, value) : each));
  const members = isRule(rule) ? rule : {};
  const name = String(step);
  if (rest.length === 0 && value === undefined) {
    const { [name]: _gone, ...others } = members;
    return others;
  }
  return { ...members, [name]: put(members[name] ?? {}, rest, value) };
}

const GROUPS = new Set(["all", "any", "except"]);
const has = (rule: Rule, names: readonly string[]): boolean => Object.keys(rule).every((name) => names.includes(name));

/** A list of rules under one word; `none` is how people say `not` of `any`. */
export function isGroup(rule: Json | undefined): rule is Rule {
  if (!isRule(rule)) return false;
  if (rule["kind"] === "not") return has(rule, ["kind", "of"]) && isRule(rule["of"]);
  return GROUPS.has(String(rule["kind"])) && has(rule, ["kind", "of"]) && Array.isArray(rule["of"]);
}

const isPlainAny = (rule: Json | undefined): boolean => isGroup(rule) && rule["kind"] === "any";

export function bodyAt(root: Json, place: Path): Body {
  const rule = at(root, place) ?? null;
  if (rule === null) return { at: place, mode: "all", items: [] };
  if (!isGroup(rule)) return { at: place, mode: "all", items: [{ path: place, rule }] };
  if (rule["kind"] !== "not") return { at: place, mode: rule["kind"] as Mode, items: listed(rule["of"], [...place, "of"]) };
  const inner = rule["of"] as Rule;
  const items = isPlainAny(inner) ? listed(inner["of"], [...place, "of", "of"]) : [{ path: [...place, "of"], rule: inner }];
  return { at: place, mode: "none", items };
}

const listed = (rules: Json | undefined, place: Path): Item[] =>
  (Array.isArray(rules) ? rules : []).map((rule, index) => ({ path: [...place, index], rule }));

const rulesOf = (body: Body): Json[] => body.items.map(({ rule }) => rule);

/** What a body with these conditions is written as. One condition that all have to hold is written alone only if it was. */
export function written(mode: Mode, rules: readonly Json[]): Json {
  if (rules.length === 0) return null;
  const [first, ...others] = rules;
  switch (mode) {
    case "none":
      return { kind: "not", of: rules.length === 1 && !isPlainAny(first) ? (first ?? null) : { kind: "any", of: [...rules] } };
    case "except":
      return others.length > 0 ? { kind: "except", of: [...rules] } : (first ?? null);
    default:
      return { kind: mode, of: [...rules] };
  }
}

/** Writes a body back; an empty `where` is left out rather than written as nothing. */
function rewritten(root: Json, place: Path, mode: Mode, rules: readonly Json[]): Json {
  const next = written(mode, rules);
  return put(root, place, next === null && place.length > 0 ? undefined : next);
}

/** Where the condition of this number stands in a body of this form. */
function pathIn(root: Json, place: Path, index: number): Path {
  return bodyAt(root, place).items[index]?.path ?? place;
}

export function added(root: Json, place: Path, rules: readonly Json[], after?: number): Edited {
  const body = bodyAt(root, place);
  if (body.items.length === 0 && rules.length === 1 && !isGroup(at(root, place))) {
    return { rule: put(root, place, rules[0]), path: place };
  }
  const before = rulesOf(body);
  const index = after === undefined ? before.length : after + 1;
  const next = rewritten(root, place, body.mode, [...before.slice(0, index), ...rules, ...before.slice(index)]);
  return { rule: next, path: pathIn(next, place, index) };
}

export const changed = (root: Json, path: Path, rule: Json): Edited => ({ rule: put(root, path, rule), path });

export function withMode(root: Json, place: Path, mode: Mode): Edited {
  const body = bodyAt(root, place);
  const rules = rulesOf(body);
  const alone = rules.length === 1 && mode === "all" ? (rules[0] ?? null) : written(mode, rules);
  return { rule: put(root, place, alone), path: place };
}

/** The body that a condition is listed in, and its number there. */
export interface Seat {
  readonly body: Body;
  readonly index: number;
}

const sameStep = (one: Step | undefined, other: Step | undefined): boolean => String(one) === String(other);
export const samePath = (one: Path, other: Path): boolean => one.length === other.length && one.every((step, index) => sameStep(step, other[index]));
export const startsWith = (path: Path, start: Path): boolean => start.length <= path.length && start.every((step, index) => sameStep(step, path[index]));

/** The longest place around the condition whose body lists it. */
export function seatOf(root: Json, path: Path): Seat | null {
  const places = path.map((_, index) => path.slice(0, path.length - 1 - index));
  for (const place of [...places, ...(path.length === 0 ? [path] : []), path]) {
    if (!isPlace(root, place)) continue;
    const body = bodyAt(root, place);
    const index = body.items.findIndex((item) => samePath(item.path, path));
    if (index >= 0) return { body, index };
  }
  return null;
}

/** Whether rules stand there, and not a list of them or another member. */
const isPlace = (root: Json, place: Path): boolean => {
  const found = at(root, place);
  return isRule(found) && typeof found["kind"] === "string" && !isInnerAny(root, place);
};

/** The `any` in a `not` is one body with it. */
const isInnerAny = (root: Json, place: Path): boolean => {
  if (place.at(-1) !== "of") return false;
  const outer = at(root, place.slice(0, -1));
  return isGroup(outer) && outer["kind"] === "not" && isPlainAny(at(root, place));
};

export function removed(root: Json, path: Path): Edited {
  const seat = seatOf(root, path);
  if (!seat) return { rule: root, path };
  const { body, index } = seat;
  const rest = rulesOf(body).filter((_, number) => number !== index);
  const mode = body.mode === "except" && index === 0 ? "none" : body.mode;
  if (rest.length === 0 && body.at.length > 0 && isListed(root, body.at)) return removed(root, body.at);
  const next = rewritten(root, body.at, mode, rest);
  return { rule: next, path: rest.length > 0 ? pathIn(next, body.at, Math.min(index, rest.length - 1)) : body.at };
}

/** Whether this is an entry of a group around it, and not a `where` of its own. */
const isListed = (root: Json, path: Path): boolean => {
  const seat = seatOf(root, path);
  return seat !== null && !samePath(seat.body.at, path);
};

export function duplicated(root: Json, path: Path): Edited {
  const seat = seatOf(root, path);
  const rule = at(root, path);
  return seat && rule !== undefined ? added(root, seat.body.at, [rule], seat.index) : { rule: root, path };
}

export function movedBy(root: Json, path: Path, step: -1 | 1): Edited {
  const seat = seatOf(root, path);
  const target = (seat?.index ?? 0) + step;
  if (!seat || target < 0 || target >= seat.body.items.length) return { rule: root, path };
  const rules = rulesOf(seat.body);
  const [one, other] = [rules[seat.index] ?? null, rules[target] ?? null];
  const next = rules.map((rule, index) => (index === seat.index ? other : index === target ? one : rule));
  const rule = rewritten(root, seat.body.at, seat.body.mode, next);
  return { rule, path: pathIn(rule, seat.body.at, target) };
}

/** Into the group before it, or else into a new one. */
export function indented(root: Json, path: Path): Edited {
  const seat = seatOf(root, path);
  const own = at(root, path);
  if (!seat || own === undefined) return { rule: root, path };
  const before = seat.body.items[seat.index - 1];
  if (!before || !isGroup(before.rule)) return wrapped(root, path);
  const grown = added(before.rule, [], [own]);
  const rules = rulesOf(seat.body).flatMap((rule, index) => (index === seat.index - 1 ? [grown.rule] : index === seat.index ? [] : [rule]));
  const rule = rewritten(root, seat.body.at, seat.body.mode, rules);
  return { rule, path: [...pathIn(rule, seat.body.at, seat.index - 1), ...grown.path] };
}

/** A group around it alone, the other way round than the one it stands in, so that the group means something. */
export function wrapped(root: Json, path: Path): Edited {
  const seat = seatOf(root, path);
  const own = at(root, path);
  if (!seat || own === undefined) return { rule: root, path };
  if (seat.body.items.length === 1 && samePath(seat.body.at, path)) {
    return { rule: put(root, path, { kind: "all", of: [{ kind: "any", of: [own] }] }), path: [...path, "of", 0, "of", 0] };
  }
  const mode = seat.body.mode === "any" ? "all" : "any";
  return { rule: put(root, path, { kind: mode, of: [own] }), path: [...path, "of", 0] };
}

/** Out of its group, behind it. Out of a `where` nothing goes: there it is asked of another row. */
export function outdented(root: Json, path: Path): Edited {
  const seat = seatOf(root, path);
  const own = at(root, path);
  const outer = seat && seat.body.at.length > 0 ? seatOf(root, seat.body.at) : null;
  if (!seat || own === undefined || !outer || samePath(outer.body.at, seat.body.at)) return { rule: root, path };
  const rest = rulesOf(seat.body).filter((_, index) => index !== seat.index);
  const mode = seat.body.mode === "except" && seat.index === 0 ? "none" : seat.body.mode;
  const left = written(mode, rest);
  const rules = rulesOf(outer.body).flatMap((rule, index) => (index === outer.index ? [...(left === null ? [] : [left]), own] : [rule]));
  const rule = rewritten(root, outer.body.at, outer.body.mode, rules);
  return { rule, path: pathIn(rule, outer.body.at, outer.index + (left === null ? 0 : 1)) };
}

export const mayIndent = (root: Json, path: Path): boolean => seatOf(root, path) !== null;
export const mayOutdent = (root: Json, path: Path): boolean => !samePath(outdented(root, path).path, path);

/** Places in a rule, besides those of groups, that hold rules of their own. */
export function wheres(rule: Rule): Path[] {
  switch (rule["kind"]) {
    case "exists":
    case "aggregate":
      return [["where"]];
    case "nth":
      return [["among"], ["where"]];
    case "sequence":
      return (Array.isArray(rule["steps"]) ? rule["steps"] : []).map((_, index) => ["steps", index, "where"]);
    default:
      return [];
  }
}
