// What the API says of a text that is being written.
import type { Client } from "../api/client";
import type { components } from "../api/schema";
import type { CampaignDocument } from "../model/document";

export type ShownText = components["schemas"]["ShownTextShape"];

export interface Spot {
  readonly slug: string;
  readonly document: CampaignDocument;
  readonly activity: string;
}

export const showText = async (client: Client, { slug, document, activity }: Spot, text: string, position: number, signal: AbortSignal): Promise<ShownText> =>
  (await client.json(`campaigns/${slug}/texts/preview/`, {
    method: "POST",
    body: { document, activity, content: { text }, position },
    signal,
  })) as ShownText;
