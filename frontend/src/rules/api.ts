// What the rule builder asks the API.
import type { Client, Problem } from "../api/client";
import type { components } from "../api/schema";
import type { CampaignDocument, Json } from "../model/document";
import { activityOf } from "../model/document";
import { writeJson } from "../model/json";

type Shapes = components["schemas"];
export type Place = Shapes["PlaceShape"];
export type Attribute = Shapes["AttributeShape"];
export type Collection = Shapes["CollectionShape"];
export type TableInfo = Shapes["TableAttributesShape"];
export type Operator = Shapes["OperatorShape"];
export type Language = Shapes["OperatorsShape"];
export type FoundField = Omit<Shapes["FoundFieldShape"], "enumeration"> & { enumeration: { readonly [value: string]: string } };
export type Mark = Shapes["MarkShape"];
export type Check = Shapes["CheckShape"];
export type NodeCount = Shapes["NodeCountShape"];
export type Counts = Shapes["CountsShape"];
export type Distribution = Omit<Shapes["DistributionShape"], "values"> & { values: { value: Json; label: string; count: number; percent: string }[] };
export type Preview = Shapes["PreviewShape"];
export type Plan = Shapes["PlanShape"];
export type ExpressionFunction = Shapes["FunctionShape"];
export type SavedFilter = Omit<Shapes["FilterShape"], "rule" | "parameters"> & { rule: Json; parameters: Parameter[] };
export interface Parameter {
  readonly name: string;
  readonly type: "text" | "number" | "date" | "boolean" | "period";
  readonly label?: string;
  readonly many?: boolean;
  readonly default?: Json;
}

/** On whose rows a rule is asked, and what its meaning depends on. */
export interface Asked {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly label: string }[];
  readonly campaign: string;
  readonly variables: CampaignDocument["variables"];
}

const asked = ({ table, columns, campaign, variables }: Asked) => ({
  table,
  campaign,
  columns: columns.map(({ name, type, label }) => ({ name, type, label })),
  variables: variables ?? {},
});

const post = async (client: Client, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> =>
  client.json(path, { method: "POST", body, ...(signal ? { signal } : {}) });

/** What decides on the place of an activity: its own settings have no part in it, and typing asks for nothing. */
export const placeKey = (document: CampaignDocument, activity: string): string =>
  writeJson([
    activity,
    (document.activities ?? []).filter(({ id }) => id !== activity).map(({ id, type, config }) => [id, type, config]),
    document.transitions ?? [],
    document.variables ?? {},
  ]);

/** Settings of the activity itself may not be valid yet; they are not sent, for they say nothing of its place. */
export function placeOf(client: Client, document: CampaignDocument, activity: string): Promise<Place> {
  const { layout: _layout, ...rest } = document;
  const activities = (document.activities ?? []).map((each) => (each.id === activity ? { id: each.id, type: each.type } : each));
  const body = activityOf(document, activity) ? { ...rest, activities } : rest;
  return post(client, `lint/attributes/?activity=${encodeURIComponent(activity)}`, body) as Promise<Place>;
}

export const tableOf = (client: Client, table: string): Promise<TableInfo> => client.json(`tables/${table}/attributes/`) as Promise<TableInfo>;
export const languageOf = (client: Client): Promise<Language> => client.json("rules/operators/") as Promise<Language>;
export const functionsOf = (client: Client): Promise<ExpressionFunction[]> => client.json("expressions/functions/") as Promise<ExpressionFunction[]>;

export const fieldsFound = (client: Client, table: string, words: string, signal: AbortSignal): Promise<{ fields: FoundField[]; partial: boolean }> =>
  client.json(`tables/${table}/fields/?search=${encodeURIComponent(words)}`, { signal }) as Promise<{ fields: FoundField[]; partial: boolean }>;

export const marksOf = (client: Client): Promise<{ favourites: Mark[]; recents: Mark[] }> =>
  client.json("attributes/marks/") as Promise<{ favourites: Mark[]; recents: Mark[] }>;

export const like = (client: Client, table: string, attribute: string, isLiked: boolean): Promise<unknown> =>
  client.ask("attributes/favourites/", { method: isLiked ? "PUT" : "DELETE", body: { table, attribute } });

export const noteUse = (client: Client, table: string, attribute: string): Promise<unknown> =>
  client.ask("attributes/recents/", { method: "PUT", body: { table, attribute } });

export const checked = (client: Client, of: Asked, rule: Json, signal: AbortSignal): Promise<Check> =>
  post(client, "rules/check/", { ...asked(of), rule }, signal) as Promise<Check>;

export const counted = (client: Client, of: Asked, rule: Json, question: string, signal: AbortSignal): Promise<Counts> =>
  post(client, "rules/counts/", { ...asked(of), rule, question }, signal) as Promise<Counts>;

/** How many rows there are without a condition. */
export const everybody = async (client: Client, of: Asked, signal: AbortSignal): Promise<number> =>
  ((await post(client, "rules/count/", { ...asked(of), rule: null }, signal)) as Shapes["CountShape"]).count;

export const previewed = (client: Client, of: Asked, rule: Json, show: readonly Json[], after: string | null, signal: AbortSignal): Promise<Preview> =>
  post(client, "rules/preview/", { ...asked(of), rule, limit: 20, ...(show.length > 0 ? { show } : {}), ...(after ? { after } : {}) }, signal) as Promise<Preview>;

export const planned = (client: Client, of: Asked, rule: Json, signal: AbortSignal): Promise<Plan> =>
  post(client, "rules/plan/", { ...asked(of), rule }, signal) as Promise<Plan>;

export const distributed = (client: Client, of: Asked, attribute: Json, search: string, question: string, signal: AbortSignal): Promise<Distribution> =>
  post(client, "rules/distribution/", { ...asked(of), rule: null, attribute, search, question }, signal) as Promise<Distribution>;

export const judgedExpression = (client: Client, of: Asked, expression: string, signal: AbortSignal): Promise<{ type: string | null; problems: Problem[] }> =>
  post(client, "rules/expression/", { ...asked(of), expression }, signal) as Promise<{ type: string | null; problems: Problem[] }>;

export async function filtersOf(client: Client, table: string, words: string, signal: AbortSignal): Promise<SavedFilter[]> {
  const query = new URLSearchParams({ table, page_size: "100", ...(words ? { search: words } : {}) });
  const page = (await client.json(`filters/?${query}`, { signal })) as { results: SavedFilter[] };
  return page.results;
}

export const filterNamed = (client: Client, slug: string): Promise<SavedFilter> => client.json(`filters/${slug}/`) as Promise<SavedFilter>;

export const appliedFilter = async (client: Client, slug: string, parameters: { [name: string]: Json }): Promise<Json> =>
  ((await post(client, `filters/${slug}/apply/`, { parameters })) as { rule: Json }).rule;

export const likeFilter = (client: Client, slug: string, isLiked: boolean): Promise<unknown> => client.ask(`filters/${slug}/favourite/`, { method: isLiked ? "PUT" : "DELETE" });

export const savedFilter = (client: Client, filter: { slug: string; label: string; table: string; rule: Json; shared: boolean }): Promise<SavedFilter> =>
  post(client, "filters/", filter) as Promise<SavedFilter>;
