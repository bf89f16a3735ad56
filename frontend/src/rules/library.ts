// What the server told of tables, the language of rules and one's own marks: asked once, kept as long as the page is open.
import { useSyncExternalStore } from "react";
import type { Client } from "../api/client";
import { Refused } from "../api/client";
import type { CampaignDocument } from "../model/document";
import type { ExpressionFunction, Language, Mark, Operator, Place, SavedFilter, TableInfo } from "./api";
import { t } from "./messages";
import { filterNamed, functionsOf, languageOf, like, marksOf, noteUse, placeKey, placeOf, tableOf } from "./api";

interface Marks {
  readonly favourites: readonly Mark[];
  readonly recents: readonly Mark[];
}

const NO_MARKS: Marks = { favourites: [], recents: [] };
const NO_OPERATORS: readonly Operator[] = [];

export class Library {
  private readonly listeners = new Set<() => void>();
  private readonly asked = new Set<string>();
  private readonly known = new Map<string, TableInfo>();
  private readonly filters = new Map<string, SavedFilter>();
  private lastPlace: { readonly key: string; readonly answer: Promise<Place> } | null = null;
  private version = 0;
  language: Language | null = null;
  functions: readonly ExpressionFunction[] = [];
  marks: Marks = NO_MARKS;

  constructor(private readonly client: Client) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): number => this.version;

  /** The table, where it is known already; else it is asked for. */
  table = (slug: string): TableInfo | undefined => {
    if (slug) this.once(`table ${slug}`, async () => this.known.set(slug, await tableOf(this.client, slug)));
    return this.known.get(slug);
  };

  filter = (slug: string): SavedFilter | undefined => {
    if (slug) this.once(`filter ${slug}`, async () => this.filters.set(slug, await filterNamed(this.client, slug)));
    return this.filters.get(slug);
  };

  /** The fields of one form stand in the same place: it is asked for once. */
  place(document: CampaignDocument, activity: string): Promise<Place> {
    const key = placeKey(document, activity);
    if (this.lastPlace?.key !== key) this.lastPlace = { key, answer: placeOf(this.client, document, activity) };
    const { answer } = this.lastPlace;
    answer.catch(() => {
      if (this.lastPlace?.answer === answer) this.lastPlace = null;
    });
    return answer;
  }

  learn(filter: SavedFilter): void {
    this.asked.add(`filter ${filter.slug}`);
    this.filters.set(filter.slug, filter);
    this.told();
  }

  open(): void {
    this.once("language", async () => (this.language = await languageOf(this.client)));
    this.once("marks", async () => (this.marks = await marksOf(this.client)));
  }

  openFunctions(): void {
    this.once("functions", async () => (this.functions = await functionsOf(this.client)));
  }

  operators(type: string): readonly Operator[] {
    return this.language?.types[type] ?? NO_OPERATORS;
  }

  operator(name: string): Operator | undefined {
    return Object.values(this.language?.types ?? {})
      .flat()
      .find((each) => each.name === name);
  }

  /** The type of a figure over an attribute of this type. */
  figure(name: string, type: string): string {
    if (name === "count" || name === "count_distinct") return "integer";
    return this.language?.functions.find((each) => each.name === name)?.gives[type] ?? type;
  }

  suits(name: string, type: string): boolean {
    return this.language?.functions.find((each) => each.name === name)?.gives[type] !== undefined;
  }

  isLiked = (table: string, attribute: string): boolean => this.marks.favourites.some((each) => each.table === table && each.attribute === attribute);

  /** Marks are a help, no more: what cannot be noted is not, and the answer says why. */
  async mark(table: string, attribute: string, as: "used" | "liked" | "unliked"): Promise<string> {
    if (!table || attribute.startsWith("@")) return "";
    try {
      await (as === "used" ? noteUse(this.client, table, attribute) : like(this.client, table, attribute, as === "liked"));
      this.marks = await marksOf(this.client);
      this.told();
      return "";
    } catch (error) {
      return error instanceof Refused ? error.message : t.noAnswer;
    }
  }

  private once(what: string, ask: () => Promise<unknown>): void {
    if (this.asked.has(what)) return;
    this.asked.add(what);
    ask().then(
      () => this.told(),
      () => setTimeout(() => this.asked.delete(what), 5_000),
    );
  }

  private told(): void {
    this.version += 1;
    this.listeners.forEach((listener) => listener());
  }
}

const LIBRARIES = new WeakMap<Client, Library>();

export function useLibrary(client: Client): Library {
  const library = LIBRARIES.get(client) ?? new Library(client);
  LIBRARIES.set(client, library);
  useSyncExternalStore(library.subscribe, library.snapshot);
  return library;
}
