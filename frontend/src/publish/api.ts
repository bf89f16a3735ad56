// What is asked before a draft is published, and publishing itself.
import type { Client, Problem } from "../api/client";
import type { components } from "../api/schema";
import { askStanding } from "../runs/api";

type Shapes = components["schemas"];
export type Change = Shapes["ChangeShape"];
export type Forecast = Shapes["ForecastShape"];
export type Send = Shapes["SendShape"];
export type Version = Shapes["VersionSummary"];

/** A forecast may take the server half a minute. */
const LONG = 45_000;

/** The ETag of the draft that is published: what somebody has looked at, and nothing newer. */
export async function askTag(client: Client, slug: string): Promise<string> {
  return (await client.ask(`campaigns/${slug}/summary/`)).headers.get("ETag") ?? "";
}

/** null where nothing is published yet. */
export async function askDiff(client: Client, slug: string): Promise<readonly Change[] | null> {
  const { published } = await askStanding(client, slug);
  if (published === null) return null;
  return ((await client.json(`campaigns/${slug}/diff/?old=${published.number}&new=draft`)) as Shapes["DiffShape"]).changes;
}

export async function askFindings(client: Client, slug: string): Promise<readonly Problem[]> {
  return ((await client.json(`campaigns/${slug}/lint/`)) as Shapes["LintShape"]).problems;
}

export const askForecast = async (client: Client, slug: string, question: string, signal: AbortSignal): Promise<Forecast> =>
  (await client.json(`campaigns/${slug}/forecast/`, { method: "POST", body: { question }, signal, patience: LONG })) as Forecast;

export const publish = async (client: Client, slug: string, etag: string, confirmWarnings: boolean, once: string): Promise<Version> =>
  (await client.json(`campaigns/${slug}/publish/`, { method: "POST", body: { confirm_warnings: confirmWarnings }, etag, once })) as Version;
