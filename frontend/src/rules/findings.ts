// Problems of a rule, each at the condition or group it is about: the deepest one on the way its pointer goes.
import type { Problem } from "../api/client";
import type { Findings } from "../drawer/problems";
import type { Json } from "../model/document";
import { deepest } from "./evaluating";
import type { Path } from "./tree";
import { bodyAt, isGroup, isRule, pointer, wheres } from "./tree";

/** The pointers of all rows that are drawn, and that of the whole rule. */
export function rowsOf(root: Json): string[] {
  const rows = [""];
  const walk = (place: Path): void => {
    for (const { path, rule } of bodyAt(root, place).items) {
      rows.push(pointer(path));
      if (isGroup(rule)) walk(path);
      else if (isRule(rule)) wheres(rule).forEach((inner) => walk([...path, ...inner]));
    }
  };
  walk([]);
  return rows;
}

export function problemsByRow(root: Json, findings: Findings): Map<string, Problem[]> {
  const rows = rowsOf(root);
  const found = new Map<string, Problem[]>();
  for (const { problem, way } of findings) {
    const row = deepest(pointer(way), rows) ?? "";
    found.set(row, [...(found.get(row) ?? []), problem]);
  }
  return found;
}
