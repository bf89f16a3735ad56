// Single changes to a document: each gives a new one and leaves the one it was given as it is.
import { tidied } from "./canonical";
import { refusal } from "./connecting";
import type { Activity, CampaignDocument, Config, Notes, Place, Transition } from "./document";
import { activitiesOf, keyOf, portOf, transitionsOf } from "./document";
import { freeId } from "./ids";
import type { Known } from "./kinds";
import { arriving, kindOf, leaving } from "./kinds";
import { newNoteId, noted, noteKey, notesOf } from "./notes";
import { withReferences } from "./references";

export interface Outlet {
  readonly from: string;
  readonly port: string;
}

interface Parts {
  readonly activities?: readonly Activity[];
  readonly transitions?: readonly Transition[];
  readonly layout?: { readonly [id: string]: Place };
  readonly notes?: Notes;
}

const changed = (document: CampaignDocument, parts: Parts): CampaignDocument => tidied({ ...document, ...parts });

const withActivity = (document: CampaignDocument, id: string, edit: (activity: Activity) => Activity): CampaignDocument =>
  changed(document, {
    activities: activitiesOf(document).map((each) => (each.id === id ? edit(each) : each)),
  });

const placed = (document: CampaignDocument, id: string, place: Place | undefined) =>
  place ? { ...document.layout, [id]: rounded(place) } : { ...document.layout };

const rounded = ([x, y]: Place): Place => [Math.round(x), Math.round(y)];

export function added(document: CampaignDocument, activity: Activity, place?: Place): CampaignDocument {
  return changed(document, {
    activities: [...activitiesOf(document), activity],
    layout: placed(document, activity.id, place),
  });
}

/** Behind a port; what the port led to follows the new activity, if that has a way out. */
export function addedAfter(
  document: CampaignDocument,
  known: Known,
  activity: Activity,
  outlet: Outlet,
  place?: Place,
): CampaignDocument {
  const before = leaving(document, outlet.from).find((each) => portOf(each) === outlet.port);
  if (before) return inserted(document, known, activity, before, place);
  const arrow = { from: outlet.from, port: outlet.port, to: activity.id };
  return changed(added(document, activity, place), { transitions: [...transitionsOf(document), arrow] });
}

/** Into a transition: it leads to the new activity, whose first port leads to where it led. */
export function inserted(
  document: CampaignDocument,
  known: Known,
  activity: Activity,
  into: Transition,
  place?: Place,
): CampaignDocument {
  const others = transitionsOf(document).filter((each) => keyOf(each) !== keyOf(into));
  const first = kindOf(known, activity)?.ports.find((port) => !port.leads_back);
  const onwards = first ? [{ from: activity.id, port: first.name, to: into.to }] : [];
  const grown = changed(added(document, activity, place), {
    transitions: [...others, { ...into, to: activity.id }, ...onwards],
  });
  return first ? following(grown, known, into.to, into.from, activity.id) : grown;
}

/** The settings of one activity name another source: `next` stands where `last` stood. */
const following = (document: CampaignDocument, known: Known, id: string, last: string, next: string) =>
  withActivity(document, id, (activity) => withReferences(known, activity, (name) => (name === last ? next : name)));

export const moved = (document: CampaignDocument, places: { readonly [id: string]: Place }): CampaignDocument =>
  changed(document, {
    layout: {
      ...document.layout,
      ...Object.fromEntries(Object.entries(places).map(([id, place]) => [id, rounded(place)])),
    },
  });

export const connected = (document: CampaignDocument, wanted: { from: string; port: string; to: string }) =>
  changed(document, { transitions: [...transitionsOf(document), wanted] });

export const disconnected = (document: CampaignDocument, keys: ReadonlySet<string>): CampaignDocument =>
  changed(document, { transitions: transitionsOf(document).filter((each) => !keys.has(keyOf(each))) });

/** The transition with another label; without one, where there is none any more. */
export const labelled = (document: CampaignDocument, key: string, label: string): CampaignDocument =>
  changed(document, { transitions: transitionsOf(document).map((each) => (keyOf(each) === key ? { ...each, label } : each)) });

/** Without the activities; what led to one of them leads on to what followed it, wherever that is legal. */
export function removed(document: CampaignDocument, known: Known, ids: ReadonlySet<string>): CampaignDocument {
  return [...ids].reduce((each, id) => removedOne(each, known, id), document);
}

function removedOne(document: CampaignDocument, known: Known, id: string): CampaignDocument {
  const before = arriving(document, id).filter((each) => each.from !== id);
  const behind = leaving(document, id).filter((each) => each.to !== id);
  const without = changed(document, {
    activities: activitiesOf(document).filter((each) => each.id !== id),
    transitions: transitionsOf(document).filter((each) => each.from !== id && each.to !== id),
  });
  const bridges = before.flatMap((came) =>
    behind.map((goes) => ({ from: came.from, port: portOf(came), to: goes.to })),
  );
  return bridges.reduce(
    (each, bridge) =>
      refusal(each, known, bridge)
        ? each
        : following(connected(each, bridge), known, bridge.to, id, bridge.from),
    without,
  );
}

export const renamed = (document: CampaignDocument, id: string, label: string): CampaignDocument =>
  withActivity(document, id, ({ label: _label, ...rest }) => (label ? { ...rest, label } : rest));

export const configured = (document: CampaignDocument, id: string, config: Config): CampaignDocument =>
  withActivity(document, id, (activity) => ({ ...activity, config }));

/** Part of a drawing, to be put down elsewhere. */
export interface Cutting {
  readonly activities: readonly Activity[];
  readonly transitions: readonly Transition[];
  readonly layout: { readonly [id: string]: Place };
  readonly notes?: Notes;
}

export function cutting(document: CampaignDocument, ids: ReadonlySet<string>): Cutting {
  const notes = Object.entries(notesOf(document)).filter(([id]) => ids.has(noteKey(id)));
  return {
    ...(notes.length > 0 ? { notes: Object.fromEntries(notes) } : {}),
    activities: activitiesOf(document).filter((each) => ids.has(each.id)),
    transitions: transitionsOf(document).filter((each) => ids.has(each.from) && ids.has(each.to)),
    layout: Object.fromEntries(Object.entries(document.layout ?? {}).filter(([id]) => ids.has(id))),
  };
}

/** The same with other ids, also where settings name them. */
function renumbered(cut: Cutting, known: Known, names: ReadonlyMap<string, string>): Cutting {
  const named = (id: string): string => names.get(id) ?? id;
  return {
    activities: cut.activities.map((each) => ({ ...withReferences(known, each, named), id: named(each.id) })),
    transitions: cut.transitions.map((each) => ({ ...each, from: named(each.from), to: named(each.to) })),
    layout: Object.fromEntries(Object.entries(cut.layout).map(([id, place]) => [named(id), place])),
    ...(cut.notes ? { notes: cut.notes } : {}),
  };
}

/** The whole document with other ids. */
export const withIds = (document: CampaignDocument, known: Known, names: ReadonlyMap<string, string>): CampaignDocument =>
  changed(document, renumbered({ activities: activitiesOf(document), transitions: document.transitions ?? [], layout: document.layout ?? {} }, known, names));

interface WithNotes {
  readonly document: CampaignDocument;
  readonly keys: readonly string[];
}

/** The cutting with ids of its own, and those ids. */
export function pasted(
  document: CampaignDocument,
  known: Known,
  cut: Cutting,
  shift: Place,
): { readonly document: CampaignDocument; readonly ids: readonly string[]; readonly notes: readonly string[] } {
  const names = new Map<string, string>();
  for (const { id } of cut.activities) names.set(id, freeId(document, id, names.values()));
  const { activities, transitions, layout: places } = renumbered(cut, known, names);
  const layout = Object.fromEntries(Object.entries(places).map(([id, [x, y]]) => [id, rounded([x + shift[0], y + shift[1]])]));
  const grown = changed(document, {
    activities: [...activitiesOf(document), ...activities],
    transitions: [...transitionsOf(document), ...transitions],
    layout: { ...document.layout, ...layout },
  });
  const notes = Object.values(cut.notes ?? {}).reduce(
    ({ document: each, keys }: WithNotes, note) => {
      const key = noteKey(newNoteId(each));
      return { document: noted(each, key, { ...note, at: [note.at[0] + shift[0], note.at[1] + shift[1]] }), keys: [...keys, key] };
    },
    { document: grown, keys: [] },
  );
  return { document: notes.document, ids: [...names.values()], notes: notes.keys };
}

export function newActivity(document: CampaignDocument, known: Known, type: string): Activity {
  const kind = known.kinds.get(type);
  return { id: freeId(document, kind?.name ?? type), type };
}

