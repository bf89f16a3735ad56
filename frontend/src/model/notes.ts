// Notes of a drawing. Among boxes and arrows a note is named by a key that is no id of an activity.
import { inOrder, tidied, USUAL_SIZE } from "./canonical";
import type { CampaignDocument, Note, Notes, Place } from "./document";
import { own } from "./document";

export const MOST_NOTES = 100;
export const LONGEST_NOTE = 2_000;
export const LEAST_SIDE = 80;
export const MOST_SIDE = 2_000;
const MARK = "note:";
const LETTERS = 6;

export const noteKey = (id: string): string => MARK + id;
export const isNoteKey = (key: string): boolean => key.startsWith(MARK);
export const notesOf = (document: CampaignDocument): Notes => document.notes ?? {};
export const sizeOf = ({ size = USUAL_SIZE }: Note): Place => size;
export const noteOf = (document: CampaignDocument, key: string): Note | undefined =>
  isNoteKey(key) ? own(notesOf(document), key.slice(MARK.length)) : undefined;

/** From top to bottom, as they are read. */
export function noteKeys(document: CampaignDocument): string[] {
  const order = Object.entries(notesOf(document)).sort(([one, a], [other, b]) => a.at[1] - b.at[1] || a.at[0] - b.at[0] || inOrder(one, other));
  return order.map(([id]) => noteKey(id));
}

/** How a note begins, where there is room for a line. */
export function beginning(text: string, letters = 60): string {
  const words = text.trim().replace(/\s+/g, " ");
  return [...words].length > letters ? `${[...words].slice(0, letters - 1).join("")}…` : words;
}

/** The document with one note as given; nothing takes it away. */
export function noted(document: CampaignDocument, key: string, note: Note | null): CampaignDocument {
  const { [key.slice(MARK.length)]: _last, ...others } = notesOf(document);
  return tidied({ ...document, notes: note ? { ...others, [key.slice(MARK.length)]: whole(note) } : others });
}

export const withoutNotes = (document: CampaignDocument, keys: Iterable<string>): CampaignDocument =>
  [...keys].reduce((each, key) => noted(each, key, null), document);

/** Those that are named are put where it says; keys of activities are passed over. */
export const notesMoved = (document: CampaignDocument, places: { readonly [key: string]: Place }): CampaignDocument =>
  Object.entries(places).reduce((each, [key, at]) => {
    const note = noteOf(each, key);
    return note ? noted(each, key, { ...note, at }) : each;
  }, document);

/** By chance, so that two people who write at once do not write the same one. */
export function newNoteId(document: CampaignDocument): string {
  const id = `note-${Math.random().toString(36).slice(2, 2 + LETTERS)}`;
  return id.length < MARK.length + LETTERS || own(notesOf(document), id) ? newNoteId(document) : id;
}

const whole = ({ text, at, size = USUAL_SIZE }: Note): Note => ({
  text: text.slice(0, LONGEST_NOTE),
  at: [Math.round(at[0]), Math.round(at[1])],
  size: [side(size[0]), side(size[1])],
});

const side = (length: number): number => Math.min(MOST_SIDE, Math.max(LEAST_SIDE, Math.round(length)));
