// What can stand where one types inside the marks of a template. Text around them is none of its business.
import type { Filter, Name, Vocabulary } from "./names";
import { isList } from "./names";

export type Offer =
  | { readonly kind: "name"; readonly text: string; readonly name: Name }
  | { readonly kind: "local"; readonly text: string }
  | { readonly kind: "filter"; readonly text: string; readonly filter: Filter }
  | { readonly kind: "tag"; readonly text: string }
  | { readonly kind: "value"; readonly text: string; readonly label: string };

export interface Completion {
  /** Where what is to be replaced begins. */
  readonly from: number;
  readonly offers: readonly Offer[];
}

/** As far back as one mark may reach. */
const LONGEST = 2000;
const OPENING = /\{\{-?|\{%-?/g;
const WORD = /[\w.]*$/;
const AFTER_PIPE = /\|\s*(\w*)$/;
const TAG_WORD = /^\s*(\w*)$/;
const COMPARED = /([\w.]+)\s*(?:==|!=|contains)\s*(["'])([^"']*)$/;
const IN_LOOP = /^\s*for\s+\w+\s+in\s+[\w.]*$/;
const NO_NAMES = /^\s*(?:assign|capture|increment|decrement|for)\s+\w*$|^\s*(?:end\w+|else|break|continue|raw|comment|#)\b/;

export function completionAt(text: string, position: number, words: Vocabulary): Completion | null {
  const start = Math.max(0, position - LONGEST);
  const before = text.slice(start, position);
  const open = openMark(before);
  if (!open) return null;
  const { inner, isTag } = open;
  const earlier = text.slice(0, start + open.at);
  const at = (typed: string) => position - typed.length;

  const compared = COMPARED.exec(inner);
  if (compared) {
    const choices = words.names.find((each) => each.path === compared[1])?.choices ?? [];
    const offers = choices.map(([value, label]): Offer => ({ kind: "value", text: value, label }));
    return offers.length > 0 ? { from: at(compared[3] ?? ""), offers } : null;
  }
  if (isInText(inner)) return null;
  const tag = isTag ? TAG_WORD.exec(inner) : null;
  if (tag) return { from: at(tag[1] ?? ""), offers: tagsFor(words.tags, earlier) };
  const pipe = AFTER_PIPE.exec(inner);
  if (pipe) return { from: at(pipe[1] ?? ""), offers: words.filters.map((filter) => ({ kind: "filter", text: filter.written, filter })) };
  if (isTag && NO_NAMES.test(inner)) return null;
  const typed = WORD.exec(inner)?.[0] ?? "";
  if (/^\d/.test(typed)) return null;
  const names = isTag && IN_LOOP.test(inner) ? listsFirst(words.names) : words.names;
  const offers: Offer[] = [
    ...localsIn(earlier).map((each): Offer => ({ kind: "local", text: each })),
    ...names.map((name): Offer => ({ kind: "name", text: name.path, name })),
  ];
  return { from: at(typed), offers };
}

function openMark(before: string): { at: number; inner: string; isTag: boolean } | null {
  const last = [...before.matchAll(OPENING)].at(-1);
  if (!last) return null;
  const isTag = last[0].startsWith("{%");
  const inner = before.slice(last.index + last[0].length);
  return inner.includes(isTag ? "%}" : "}}") ? null : { at: last.index, inner, isTag };
}

function isInText(inner: string): boolean {
  let quote = "";
  for (const letter of inner) {
    if (quote) quote = letter === quote ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
  }
  return quote !== "";
}

const listsFirst = (names: readonly Name[]): Name[] => [...names.filter(isList), ...names.filter((name) => !isList(name))];

const BLOCKS = new Set(["if", "unless", "for", "case", "capture", "comment", "raw", "ifchanged"]);
const MARKED_TAG = /\{%-?\s*(\w+)/g;

/** Inside a block its end comes first, and only the ends of blocks that are open are offered. */
export function tagsFor(tags: readonly string[], before: string): Offer[] {
  const open = openBlocks(before);
  const last = open.at(-1);
  const inner = last === "if" || last === "unless" ? ["else", "elsif"] : last === "case" ? ["when", "else"] : last === "for" ? ["else"] : [];
  const first = last ? [`end${last}`, ...inner] : [];
  return [...first, ...tags].map((text) => ({ kind: "tag", text }));
}

export function openBlocks(before: string): string[] {
  const open: string[] = [];
  for (const [, name = ""] of before.matchAll(MARKED_TAG)) {
    if (BLOCKS.has(name)) open.push(name);
    else if (name.startsWith("end") && open.includes(name.slice(3))) open.length = open.lastIndexOf(name.slice(3));
  }
  return open;
}

const LOCAL = /\{%-?\s*(?:(for)\s+(\w+)\s+in|(?:assign|capture)\s+(\w+))/g;
const OF_A_LOOP = ["forloop.index", "forloop.first", "forloop.last", "forloop.length"];

/** Names the template has made itself, so far. */
export function localsIn(before: string): string[] {
  const found = [...before.matchAll(LOCAL)].map(([, , loop, assigned]) => loop ?? assigned ?? "");
  const inLoop = openBlocks(before).includes("for") ? OF_A_LOOP : [];
  return [...new Set([...found, ...inLoop])].filter(Boolean);
}
