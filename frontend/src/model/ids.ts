// Ids that no activity of the document has.
import type { CampaignDocument } from "./document";
import { activitiesOf } from "./document";

const LONGEST = 60;
const ROOM_FOR_A_NUMBER = 4;

export function freeId(document: CampaignDocument, wanted: string, taken: Iterable<string> = []): string {
  const used = new Set([...activitiesOf(document).map(({ id }) => id), ...taken]);
  const base = plain(wanted).slice(0, LONGEST - ROOM_FOR_A_NUMBER).replace(/[-_]+$/, "") || "activity";
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!used.has(name)) return name;
  }
}

/** Other ids for those that are taken; a number they have at their end is counted on. */
export function freshIds(documents: readonly CampaignDocument[], ids: readonly string[]): Map<string, string> {
  const taken = new Set(documents.flatMap((each) => activitiesOf(each).map(({ id }) => id)));
  const names = new Map<string, string>();
  for (const id of ids) {
    const next = freeId(NOTHING, id.replace(/-[0-9]+$/, ""), taken);
    taken.add(next);
    names.set(id, next);
  }
  return names;
}

const NOTHING = { tutti: 1, campaign: { slug: "", name: "" } } as const;

/** The id of a part that has a name but no id yet; names in other scripts give a numbered one. */
export function derivedId(label: string, widget: string, number: number): string {
  const separator = widget === "column" ? "_" : "-";
  const id = plain(label).replace(/[-_]+/g, separator).slice(0, 40).replace(/[-_]+$/, "");
  const isName = id !== "" && !(widget === "column" && /^[0-9]/.test(id));
  return isName ? id : `${widget || "part"}${separator}${number}`;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/[-_]{2,}/g, (signs) => signs.charAt(0))
    .replace(/^[-_]+|[-_]+$/g, "");
