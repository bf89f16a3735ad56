// What the API says of activity types, and by which ports an activity is left.
import type { Activity, CampaignDocument, Json, Transition } from "./document";
import { MAIN, activityOf, own, portOf, transitionsOf } from "./document";

export interface Port {
  readonly name: string;
  readonly label: string;
  readonly optional: boolean;
  readonly leads_back: boolean;
}

export interface Kind {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly category: string;
  readonly icon: string;
  /** What its counts obey. */
  readonly law: string;
  readonly inbound_min: number;
  readonly inbound_max: number | null;
  readonly ports: readonly Port[];
  readonly settings: { [name: string]: Json };
}

/** The types by name, and what the last lint said of the ports of each activity. */
export interface Known {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly ports: { readonly [id: string]: readonly Port[] };
}

export const kindOf = (known: Known, activity: Activity): Kind | undefined => known.kinds.get(activity.type);

export const titleOf = (known: Known, activity: Activity): string =>
  activity.label || kindOf(known, activity)?.label || activity.id;

/** The ports its settings give, and those that only its transitions still name. */
export function portsOf(known: Known, document: CampaignDocument, activity: Activity): readonly Port[] {
  const declared = own(known.ports, activity.id) ?? kindOf(known, activity)?.ports ?? [mainPort()];
  const named = new Set(declared.map((port) => port.name));
  const stray = leaving(document, activity.id)
    .map(portOf)
    .filter((name) => !named.has(name));
  return [...declared, ...[...new Set(stray)].map((name) => ({ ...mainPort(), name, label: name }))];
}

/** What people call a way out of an activity. */
export function portLabel(known: Known, document: CampaignDocument, id: string, name: string): string {
  const activity = activityOf(document, id);
  const port = activity && portsOf(known, document, activity).find((each) => each.name === name);
  return port?.label || name;
}

/** What people call the activity. */
export function nameOf(known: Known, document: CampaignDocument, id: string): string {
  const activity = activityOf(document, id);
  return activity ? titleOf(known, activity) : id;
}

/** The way out by which a transition leaves, where its source has several; one alone needs no name. */
export function wayOf(known: Known, document: CampaignDocument, transition: Transition): string {
  const source = activityOf(document, transition.from);
  const isOnly = !source || portsOf(known, document, source).length === 1;
  return isOnly ? "" : portLabel(known, document, transition.from, portOf(transition));
}

export const leaving = (document: CampaignDocument, id: string): Transition[] =>
  transitionsOf(document).filter((transition) => transition.from === id);

export const arriving = (document: CampaignDocument, id: string): Transition[] =>
  transitionsOf(document).filter((transition) => transition.to === id);

const mainPort = (): Port => ({ name: MAIN, label: MAIN, optional: false, leads_back: false });
