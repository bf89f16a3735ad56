// The server writes what it is sent in a form of its own: labels without blanks at their ends, settings without their
// defaults. Here everything stays as it was typed, and what is still as it was sent counts as what the server made of it.
import { sameJson } from "../model/canonical";
import type { CampaignDocument, Json } from "../model/document";
import { isDocument } from "../model/shape";
import type { Part } from "./parts";
import { keyOfPart, partsOf, withPart } from "./parts";

/** A part as it was sent and as it was saved; `null` where it is not there. */
export interface Rewrite extends Omit<Part, "value"> {
  readonly sent: Json;
  readonly saved: Json;
}

/** What edits go on from: the draft as the server has it, its ETag, and what was sent for it in other words. */
export interface Ground {
  readonly base: CampaignDocument;
  readonly etag: string;
  readonly rewrites: readonly Rewrite[];
}

export function rewritten(sent: CampaignDocument, saved: CampaignDocument): Rewrite[] {
  const [before, after] = [partsOf(sent), partsOf(saved)];
  const all = new Map([...before, ...after]);
  return [...all].flatMap(([key, { kind, name }]) => {
    const forms = { sent: before.get(key)?.value ?? null, saved: after.get(key)?.value ?? null };
    return sameJson(forms.sent, forms.saved) ? [] : [{ kind, name, ...forms }];
  });
}

/** Those whose part is still what the server made of it then. */
export function standing(rewrites: readonly Rewrite[], document: CampaignDocument): Rewrite[] {
  const parts = partsOf(document);
  return rewrites.filter((each) => sameJson(parts.get(keyOfPart(each))?.value ?? null, each.saved));
}

/** The document in the server's words, as far as they are known. */
export function asSaved(document: CampaignDocument, rewrites: readonly Rewrite[]): CampaignDocument {
  if (rewrites.length === 0) return document;
  const parts = partsOf(document);
  const isAsSent = (each: Rewrite): boolean => sameJson(parts.get(keyOfPart(each))?.value ?? null, each.sent);
  const isWhole = rewrites.filter(isRenaming).every(isAsSent);
  return rewrites
    .filter((each) => (isRenaming(each) ? isWhole : isAsSent(each)))
    .reduce((together, { kind, name, saved }) => withPart(together, { kind, name, value: saved }), document);
}

/** A part under another name, such as a transition by a port that was not written: one goes and one comes, or neither. */
const isRenaming = ({ sent, saved }: Rewrite): boolean => sent === null || saved === null;

/** Whether these, which come from outside, can be taken for rewrites of parts of this document. */
export const areRewrites = (value: unknown, base: CampaignDocument): value is Rewrite[] =>
  Array.isArray(value) &&
  value.every((each: Partial<Rewrite> | null) => typeof each?.kind === "string" && typeof each.name === "string" && each.sent !== undefined && each.saved !== undefined) &&
  isDocument((value as Rewrite[]).reduce((together, { kind, name, saved }) => withPart(together, { kind, name, value: saved }), base));
