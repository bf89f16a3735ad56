// The one text of a document, the same as the server's: names sorted, parts in their order, empty parts left out.
import type { Activity, CampaignDocument, Json, Note, Place, Transition } from "./document";
import { portOf } from "./document";
import { writeJson } from "./json";

/** By code point, as the server sorts: JavaScript's own order is by UTF-16 unit and differs beyond the BMP. */
export function inOrder(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let place = 0; place < Math.min(a.length, b.length); place++) {
    const difference = (a[place]?.codePointAt(0) ?? 0) - (b[place]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const byKey = (left: Transition, right: Transition): number =>
  inOrder(left.from, right.from) || inOrder(portOf(left), portOf(right)) || inOrder(left.to, right.to);

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

export function tidied(document: CampaignDocument): CampaignDocument {
  const { activities = [], transitions = [], layout = {}, notes = {}, ...rest } = document;
  const known = new Set(activities.map((activity) => activity.id));
  const parts = {
    ...rest,
    activities: [...activities].sort((a, b) => inOrder(a.id, b.id)).map(bareActivity),
    transitions: [...transitions].sort(byKey).map(bareTransition),
    layout: Object.fromEntries(Object.entries(layout).filter(([id]) => known.has(id))),
    notes: Object.fromEntries(Object.entries(notes).map(([id, note]) => [id, bareNote(note)])),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => !isEmpty(part))) as unknown as CampaignDocument;
}

function bareActivity({ id, type, label, config }: Activity): Activity {
  return { id, type, ...(label ? { label } : {}), ...(config && !isEmpty(config) ? { config } : {}) };
}

function bareTransition(transition: Transition): Transition {
  const { from, to, label } = transition;
  const port = portOf(transition);
  return { from, to, ...(port === "main" ? {} : { port }), ...(label ? { label } : {}) };
}

/** Of a note that does not say how large it is. */
export const USUAL_SIZE: Place = [200, 120];

function bareNote({ text, at, size = USUAL_SIZE }: Note): Note {
  const isUsual = size[0] === USUAL_SIZE[0] && size[1] === USUAL_SIZE[1];
  return { text, at, ...(isUsual ? {} : { size }) };
}

export const canonicalText = (document: CampaignDocument): string =>
  `${writeJson(sorted(tidied(document) as unknown as Json), 1)}\n`;

/** Without the layout, which is no part of what a campaign does. */
export function meaningText(document: CampaignDocument): string {
  const { layout: _layout, ...rest } = document;
  return canonicalText(rest as CampaignDocument);
}

export function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const names = Object.keys(value).sort(inOrder);
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] as Json)]));
}

export const sameJson = (left: Json | undefined, right: Json | undefined): boolean =>
  left === right || writeJson(sorted(left ?? null)) === writeJson(sorted(right ?? null));
