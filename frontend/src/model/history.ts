// What was done and can be undone. Documents are never changed in place, so a step costs little more than what differs.
import { canonicalText } from "./canonical";
import type { CampaignDocument } from "./document";

export const MOST_STEPS = 500;

export interface History {
  readonly past: readonly CampaignDocument[];
  readonly present: CampaignDocument;
  readonly future: readonly CampaignDocument[];
  /** Edits of one mark in a row, such as the letters of a label, are one step. */
  readonly mark: string | null;
}

export const begun = (present: CampaignDocument): History => ({ past: [], present, future: [], mark: null });

export function done(history: History, next: CampaignDocument, mark: string | null = null): History {
  if (canonicalText(next) === canonicalText(history.present)) return history;
  const goesOn = mark !== null && mark === history.mark && history.past.length > 0;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-MOST_STEPS);
  return { past, present: next, future: [], mark };
}

export function undone(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future], mark: null };
}

export function redone(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.present], present: next, future, mark: null };
}

/** The next edit is a step of its own, whatever it is marked with. */
export const settled = (history: History): History => (history.mark === null ? history : { ...history, mark: null });

/** Every step as it would have been on other ground. */
export const rebuilt = (history: History, each: (document: CampaignDocument) => CampaignDocument): History => ({
  past: history.past.map(each),
  present: each(history.present),
  future: history.future.map(each),
  mark: history.mark,
});
