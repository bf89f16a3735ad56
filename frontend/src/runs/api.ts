// What the API says of runs.
import type { Client } from "../api/client";
import { said } from "../api/client";
import type { components } from "../api/schema";
import type { CampaignDocument } from "../model/document";
import type { Port } from "../model/kinds";
import type { Answer } from "./watch";

type Shapes = components["schemas"];
type Left = Required<Shapes["PortShape"]>;
/** What has a default in the description is always answered. */
export type RunActivity = Required<Omit<Shapes["ActivityShape"], "ports">> & { readonly ports: readonly Left[] };
export type RunRound = Omit<Shapes["RoundShape"], "activities"> & { readonly activities: readonly RunActivity[] };
export type Run = Omit<Shapes["RunShape"], "activities" | "rounds"> & {
  readonly activities: readonly RunActivity[];
  readonly rounds: readonly RunRound[];
};
export type Listed = Shapes["RunListed"];
export type RunDelivery = Shapes["RunDeliveryShape"];
export type Task = Shapes["TaskShape"];
export type LogEntry = Shapes["LogEntryShape"];
export type People = Shapes["PeopleShape"];
export type Line = Shapes["LineShape"];
export type Launches = Shapes["LaunchesShape"];
export type Standing = Shapes["StandingShape"];
export type Act = Run["acts"][number];

export interface Definition {
  readonly document: CampaignDocument;
  readonly ports: { readonly [id: string]: readonly Port[] };
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** The address of the rest, relative to the API's root. */
  readonly next: string | null;
}

/** The server's clock less ours, in milliseconds: what runs is timed by the server. */
export const clock = { ahead: 0 };

export async function askRun(client: Client, id: number, etag: string, signal: AbortSignal): Promise<Answer<Run>> {
  const answer = await client.ask(`runs/${id}/`, { known: etag, signal });
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isFinite(date)) clock.ahead = Math.abs(date - Date.now()) < 1_500 ? 0 : date - Date.now();
  if (answer.status === 304) return null;
  return { value: (await said(answer)) as Run, etag: answer.headers.get("ETag") ?? "" };
}

export const askDefinition = async (client: Client, id: number): Promise<Definition> =>
  (await client.json(`runs/${id}/definition/`)) as Definition;

export const askTasks = async (client: Client, run: number, activity: string, signal: AbortSignal): Promise<Task[]> =>
  (await client.json(`runs/${run}/activities/${activity}/`, { signal })) as Task[];

export const askLog = (client: Client, run: number, activity: string, signal: AbortSignal): Promise<Page<LogEntry>> =>
  page<LogEntry>(client, `runs/${run}/log/?page_size=20${activity ? `&activity=${encodeURIComponent(activity)}` : ""}`, signal);

export const askPeople = async (client: Client, run: number, population: number, after: string, signal?: AbortSignal): Promise<People> =>
  (await client.json(`runs/${run}/populations/${population}/?after=${encodeURIComponent(after)}`, signal ? { signal } : {})) as People;

export const askRuns = (client: Client, slug: string, query = "", signal?: AbortSignal): Promise<Page<Listed>> =>
  page<Listed>(client, `runs/?campaign=${encodeURIComponent(slug)}${query}`, signal);

export const askLaunches = async (client: Client, slug: string, of: "draft" | "published", signal?: AbortSignal): Promise<Launches> =>
  (await client.json(`campaigns/${slug}/launches/?of=${of}`, signal ? { signal } : {})) as Launches;

export const askStanding = async (client: Client, slug: string): Promise<Standing> =>
  (await client.json(`campaigns/${slug}/standing/`)) as Standing;

/** The numbers of each channel of a run: opens and clicks are those of people, not of software. */
export async function askRates(client: Client, slug: string, run: number, signal: AbortSignal): Promise<Answer<readonly Line[]>> {
  const lines = (await client.json(`campaigns/${slug}/report/activity/?run=${run}&people=human`, { signal })) as Line[];
  return { value: lines, etag: "" };
}

export const startTest = async (client: Client, slug: string, realWaits: boolean, once: string): Promise<Run> =>
  (await client.json(`campaigns/${slug}/test-runs/`, { method: "POST", body: { real_waits: realWaits }, once })) as Run;

/** Stops a test where it is still open, and tests the draft as it is now. */
export const restartTest = async (client: Client, run: number, realWaits: boolean, once: string): Promise<Run> =>
  (await client.json(`runs/${run}/restart/`, { method: "POST", body: { real_waits: realWaits }, once })) as Run;

/** On the whole run, or on one activity of it. */
export async function actOn(client: Client, run: number, act: Act, activity: string, once: string): Promise<number> {
  const body = activity ? { body: { activity } } : {};
  return ((await client.json(`runs/${run}/${act}/`, { method: "POST", once, ...body })) as Shapes["ActedRunShape"]).concerned;
}

export async function confirmSend(client: Client, delivery: number, once: string): Promise<number> {
  return ((await client.json(`deliveries/${delivery}/confirm/`, { method: "POST", once })) as Shapes["ConfirmedShape"]).released;
}

export async function settleUnknown(client: Client, delivery: number, state: string, note: string, once: string): Promise<number> {
  const body = { state, note };
  return ((await client.json(`deliveries/${delivery}/settle/`, { method: "POST", body, once })) as Shapes["SettlementShape"]).settled;
}

export async function page<T>(client: Client, path: string, signal?: AbortSignal): Promise<Page<T>> {
  const answer = (await client.json(path, signal ? { signal } : {})) as { results: T[]; next: string | null };
  return { rows: answer.results, next: answer.next === null ? null : answer.next.slice(answer.next.indexOf("/api/v1/") + "/api/v1/".length) };
}

export const nextPage = <T>(client: Client, path: string): Promise<Page<T>> => page<T>(client, path);
