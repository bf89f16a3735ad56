// Sending a message of the draft, as it is saved, to addresses that somebody types.
import type { Client } from "../api/client";
import type { components } from "../api/schema";

export type Proofs = components["schemas"]["ProofsShape"];

export interface Message {
  readonly slug: string;
  readonly activity: string;
}

export async function sendProof(client: Client, { slug, activity }: Message, to: readonly string[], recipient: string): Promise<Proofs> {
  return (await client.json(`campaigns/${slug}/proofs/`, { method: "POST", body: { activity, to, recipient } })) as Proofs;
}
