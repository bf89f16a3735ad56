// The names that a template may use at its place in the flow, as the server knows them there.
import type { components } from "../api/schema";

type Shapes = components["schemas"];
export type Place = Shapes["PlaceShape"];
export type Language = Shapes["TemplateLanguageShape"];
export type Filter = Shapes["TemplateFilterShape"];

export type Origin = "person" | "added" | "campaign" | "message";

export interface Name {
  readonly path: string;
  readonly label: string;
  readonly type: string;
  readonly origin: Origin;
  /** Where it is one of a closed set: the values with their labels. */
  readonly choices: readonly (readonly [string, string])[];
}

export interface Vocabulary {
  readonly names: readonly Name[];
  readonly filters: readonly Filter[];
  readonly tags: readonly string[];
  /** What the people are called; blank as long as nobody arrives. */
  readonly people: string;
}

export const NO_WORDS: Vocabulary = { names: [], filters: [], tags: [], people: "" };

const COLUMN_MARK = "@";
const ROOTS = { person: "profile", added: "target", campaign: "variables" } as const;

/** Of the attributes of a place those of the very person; a message does not follow links. */
export function vocabularyOf(place: Place | null, language: Language): Vocabulary {
  const own = (place?.attributes ?? []).filter(({ group, name }) => group === "" && !name.includes("."));
  const attributes = own.map((each): Name => {
    const isAdded = each.name.startsWith(COLUMN_MARK);
    const root = isAdded ? ROOTS.added : ROOTS.person;
    return {
      path: `${root}.${each.name.replace(COLUMN_MARK, "")}`,
      label: each.label,
      type: each.type,
      origin: isAdded ? "added" : "person",
      choices: Object.entries(each.choices ?? {}),
    };
  });
  const variables = (place?.variables ?? []).map(({ name, type }): Name => plain(`${ROOTS.campaign}.${name}`, type, "campaign"));
  const system = language.variables.map((name) => plain(name, "text", "message"));
  const order: readonly Origin[] = ["person", "added", "campaign", "message"];
  const names = order.flatMap((origin) => [...attributes, ...variables, ...system].filter((each) => each.origin === origin));
  return { names, filters: language.filters, tags: language.tags, people: place?.label ?? "" };
}

const plain = (path: string, type: string, origin: Origin): Name => ({ path, label: "", type, origin, choices: [] });

export const isList = ({ type }: Name): boolean => type === "json";
