// Findings at the lines of a text, and where a line is.
import type { Problem } from "../api/client";

export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly problem: Problem;
}

/** The text of a line without the blanks it begins with; a line that is not there is the last one. */
export function segmentOf(text: string, line: number): { from: number; to: number } {
  const lines = text.split("\n");
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const from = lines.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
  const own = lines[at] ?? "";
  const indent = own.trim() ? own.length - own.trimStart().length : 0;
  return { from: from + indent, to: from + own.length };
}

/** Where the message quotes what stands in the line, only that is marked. */
export function marksOf(text: string, problems: readonly Problem[]): Mark[] {
  return problems.map((problem) => {
    const segment = segmentOf(text, problem.line ?? 1);
    const quoted = /“([^”]+)”/.exec(problem.message)?.[1];
    const at = quoted ? text.slice(segment.from, segment.to).indexOf(quoted) : -1;
    if (!quoted || at < 0) return { ...segment, problem };
    return { from: segment.from + at, to: segment.from + at + quoted.length, problem };
  });
}

/** The smallest replacement that makes one text of another: what stays keeps its cursor. */
export function replacement(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}
