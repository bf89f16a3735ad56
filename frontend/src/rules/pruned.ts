// A rule without the parts that cannot be asked yet, so that the rest can be counted while one is still typing.
import type { Json } from "../model/document";
import type { Path, Rule } from "./tree";
import { at, isGroup, isRule, pointer, put, wheres } from "./tree";

export interface Pruned {
  readonly rule: Json;
  /** Pointers of what is left, each with the pointer it had. */
  readonly places: ReadonlyMap<string, string>;
  readonly left: number;
}

type Keeps = (rule: Json, place: string) => boolean;

export function pruned(root: Json, keeps: Keeps): Pruned {
  const places = new Map<string, string>();
  const dropped = { count: 0 };
  const rule = kept(root, [], [], { keeps, places, dropped });
  return { rule, places, left: dropped.count };
}

interface Walk {
  readonly keeps: Keeps;
  readonly places: Map<string, string>;
  readonly dropped: { count: number };
}

function kept(rule: Json, from: Path, to: Path, walk: Walk): Json {
  if (rule === null) return null;
  if (!walk.keeps(rule, pointer(from))) {
    walk.dropped.count += 1;
    return null;
  }
  walk.places.set(pointer(to), pointer(from));
  if (isGroup(rule)) return rule["kind"] === "not" ? keptNot(rule, from, to, walk) : keptGroup(rule, from, to, walk);
  return isRule(rule) ? keptWheres(rule, from, to, walk) : rule;
}

function keptNot(rule: Rule, from: Path, to: Path, walk: Walk): Json {
  const inner = kept(rule["of"] ?? null, [...from, "of"], [...to, "of"], walk);
  return inner === null ? null : { ...rule, of: inner };
}

function keptGroup(rule: Rule, from: Path, to: Path, walk: Walk): Json {
  const of: Json[] = [];
  const isExcept = rule["kind"] === "except";
  for (const [index, each] of (rule["of"] as Json[]).entries()) {
    const next = kept(each, [...from, "of", index], [...to, "of", of.length], walk);
    if (next !== null) of.push(next);
    else if (isExcept && index === 0) return null;
  }
  if (of.length === 0) return null;
  return { ...rule, kind: isExcept && of.length === 1 ? "all" : (rule["kind"] ?? ""), of };
}

function keptWheres(rule: Rule, from: Path, to: Path, walk: Walk): Json {
  return wheres(rule).reduce<Json>((next, place) => {
    const inner = at(rule, place);
    if (inner === undefined || inner === null) return next;
    const left = kept(inner, [...from, ...place], [...to, ...place], walk);
    return left === inner ? next : put(next, place, left === null ? undefined : left);
  }, rule);
}
