import type { Client } from "../api/client";
import type { components } from "../api/schema";
import type { CampaignDocument } from "../model/document";
import type { Written } from "./content";
import type { Language, Place } from "./names";

type Shapes = components["schemas"];
export type ShownEmail = Shapes["ShownEmailShape"];
export type EmailPreview = Shapes["EmailPreviewShape"];
export type People = Shapes["PreviewPeopleShape"];
export type Person = Shapes["PersonShape"];

/** Where an e-mail stands: it may be in a document that is not saved yet. */
export interface Spot {
  readonly slug: string;
  readonly document: CampaignDocument;
  readonly activity: string;
}

export const language = async (client: Client, signal: AbortSignal): Promise<Language> =>
  (await client.json("templates/language/", { signal })) as Language;

export const placeOf = async (client: Client, { document, activity }: Spot, signal: AbortSignal): Promise<Place> =>
  (await client.json(`lint/attributes/?activity=${encodeURIComponent(activity)}`, { method: "POST", body: document, signal })) as Place;

export async function preview(client: Client, spot: Spot, content: Written, recipient: string, signal: AbortSignal): Promise<EmailPreview> {
  const body = { document: spot.document, activity: spot.activity, content, recipient };
  return (await client.json(`campaigns/${spot.slug}/emails/preview/`, { method: "POST", body, signal })) as EmailPreview;
}

export async function people(client: Client, spot: Spot, search: string, signal: AbortSignal): Promise<People> {
  const body = { document: spot.document, activity: spot.activity, search };
  return (await client.json(`campaigns/${spot.slug}/emails/people/`, { method: "POST", body, signal })) as People;
}
