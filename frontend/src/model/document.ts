// The campaign document as the API gives it. What the canvas does not draw (variables, schedule) is carried along.

export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };
export type Config = { [name: string]: Json };
export type Place = readonly [number, number];

export interface Activity {
  readonly id: string;
  readonly type: string;
  readonly label?: string;
  readonly config?: Config;
}

export interface Transition {
  readonly from: string;
  readonly port?: string;
  readonly to: string;
  readonly label?: string;
}

/** A text that lies on the canvas; it does nothing. */
export interface Note {
  readonly text: string;
  readonly at: Place;
  readonly size?: Place;
}

export type Notes = { readonly [id: string]: Note };

export interface CampaignDocument {
  readonly tutti: 1;
  readonly campaign: { readonly slug: string; readonly name: string } & { readonly [name: string]: Json };
  readonly activities?: readonly Activity[];
  readonly transitions?: readonly Transition[];
  readonly layout?: { readonly [id: string]: Place };
  readonly notes?: Notes;
  readonly variables?: Config;
  readonly schedule?: Config;
  readonly errors?: Config;
}

export const MAIN = "main";

/** What stands under a name that people may choose; every object knows `constructor`, which is a fine id. */
export const own = <T>(entries: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

export const activitiesOf = (document: CampaignDocument): readonly Activity[] => document.activities ?? [];
export const transitionsOf = (document: CampaignDocument): readonly Transition[] => document.transitions ?? [];
export const portOf = (transition: Transition): string => transition.port ?? MAIN;
export const keyOf = (transition: Transition): string => `${transition.from} ${portOf(transition)} ${transition.to}`;

export const activityOf = (document: CampaignDocument, id: string): Activity | undefined =>
  activitiesOf(document).find((activity) => activity.id === id);
