import type { Client } from "../api/client";
import type { components } from "../api/schema";
import type { Json } from "../model/document";

export interface Uploaded {
  readonly slug: string;
  readonly name: string;
}

export type Columns = { readonly format: Json; readonly columns: readonly Json[] };

/** The latest of the files that somebody uploaded. */
export async function uploadedFiles(client: Client, signal: AbortSignal): Promise<Uploaded[]> {
  const page = (await client.json("files/?origin=uploaded&page_size=100", { signal })) as { results: components["schemas"]["FileShape"][] };
  return page.results.map(({ slug, name }) => ({ slug, name }));
}

/** What stands in a file; `format` is what the settings say of it so far. */
export const columnsOf = async (client: Client, slug: string, format: Json | undefined): Promise<Columns> =>
  (await client.json(`files/${encodeURIComponent(slug)}/columns/`, { method: "POST", body: { format: format ?? null } })) as Columns;
