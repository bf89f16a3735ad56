// What may be written at the cursor of an expression: functions of the language and attributes by name.

export interface Suggestion {
  readonly text: string;
  readonly label: string;
  readonly detail: string;
  readonly isFunction: boolean;
}

/** The name that is being typed: where it begins, and what there is of it. Within quotes there is none. */
export function wordAt(text: string, cursor: number): { from: number; word: string } | null {
  const before = text.slice(0, cursor);
  if (isQuoted(before)) return null;
  const word = /@?[\p{L}_][\p{L}\p{N}_.]*$|@$/u.exec(before)?.[0] ?? "";
  return { from: cursor - word.length, word };
}

const isQuoted = (text: string): boolean => ((text.match(/'/g)?.length ?? 0) % 2 === 1) || ((text.match(/"/g)?.length ?? 0) % 2 === 1);

const MOST = 8;

/** Names that begin so come before those that hold it anywhere. */
export function suggested(all: readonly Suggestion[], word: string): Suggestion[] {
  const wanted = word.toLowerCase();
  if (wanted === "") return [];
  const starts = all.filter(({ text }) => text.toLowerCase().startsWith(wanted));
  const holds = all.filter((each) => !starts.includes(each) && `${each.text} ${each.label}`.toLowerCase().includes(wanted));
  return [...starts, ...holds].slice(0, MOST);
}

/** The text with the suggestion in the place of the word, and the cursor behind it, or in the parentheses of a function. */
export function completed(text: string, cursor: number, { text: name, isFunction }: Suggestion): { text: string; cursor: number } {
  const { from } = wordAt(text, cursor) ?? { from: cursor };
  const isCalled = text.slice(cursor).startsWith("(");
  const inserted = isFunction && !isCalled ? `${name}()` : name;
  return { text: text.slice(0, from) + inserted + text.slice(cursor), cursor: from + name.length + (isFunction ? 1 : 0) };
}

/** The server counts characters; a text here counts halves of them. */
export const offsetOf = (text: string, position: number): number => [...text].slice(0, position).join("").length;

/** The text before, at and behind a fault; at the end of the text a blank shows it. */
export function atFault(text: string, position: number): readonly [string, string, string] {
  const from = offsetOf(text, position);
  const word = /^(@?[\p{L}\p{N}_.]+|.)/su.exec(text.slice(from))?.[0] ?? "";
  return [text.slice(0, from), word, text.slice(from + word.length)];
}
