// Which rows are selected when somebody goes through the outline by keys.
import type { Row } from "./rows";

/** All rows from one to another, whichever comes first; only the last where the first is gone. */
export function between(rows: readonly Row[], from: string, to: string): string[] {
  const [start, end] = [from, to].map((wanted) => rows.findIndex(({ key }) => key === wanted));
  if (start === undefined || end === undefined || end < 0) return [];
  const first = start < 0 ? end : start;
  return rows.slice(Math.min(first, end), Math.max(first, end) + 1).map(({ key }) => key);
}

/** The same without the key, or with it. */
export function toggled(keys: ReadonlySet<string>, key: string): string[] {
  return keys.has(key) ? [...keys].filter((each) => each !== key) : [...keys, key];
}

/** Where the focus goes when what is selected is deleted: to what stands before it, else to what stands behind. */
export function leftOver(rows: readonly Row[], at: number, gone: ReadonlySet<string>): number {
  const stays = (row: Row) => !gone.has(row.key) && (row.is === "note" || !gone.has(row.activity.id));
  const before = rows.slice(0, at).findLastIndex(stays);
  return before >= 0 ? before : rows.findIndex(stays);
}
