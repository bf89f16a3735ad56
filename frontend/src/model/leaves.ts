// Where two plain values differ, leaf by leaf.
import { sameJson } from "./canonical";
import type { Json } from "./document";

export interface Leaf {
  readonly path: readonly string[];
  /** `undefined` where it is not there. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

type Named = { readonly [name: string]: Json };

const isNamed = (value: Json | undefined): value is Named => typeof value === "object" && value !== null && !Array.isArray(value);

export function differing(before: Json | undefined, after: Json | undefined, path: readonly string[] = []): Leaf[] {
  if (before !== undefined && after !== undefined && sameJson(before, after)) return [];
  const [left, right] = [entries(before), entries(after)];
  if (!left || !right) return [{ path, before, after }];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].flatMap((name) => (left[name] === undefined && right[name] === undefined ? [] : differing(left[name], right[name], [...path, name])));
}

/** Lists are compared place by place, but not with what is no list. */
function entries(value: Json | undefined): Named | null {
  if (Array.isArray(value)) return Object.fromEntries(value.map((each, place) => [String(place), each]));
  return isNamed(value) ? value : null;
}
