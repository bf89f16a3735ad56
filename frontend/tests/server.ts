// A server of drafts in memory: it compares and sets as the real one does, and has the troubles that are put into it.
import type { Draft } from "../src/api/client";
import { Refused } from "../src/api/client";
import { meaningText, sameJson, tidied } from "../src/model/canonical";
import type { CampaignDocument, Json, Place } from "../src/model/document";
import { activitiesOf } from "../src/model/document";
import { compared } from "../src/saving/merging";
import type { Door } from "../src/saving/saver";
import { drawing } from "./drawings";

type Places = { readonly [id: string]: Place | null };

/** Before: the server never saw it. After: it did its work, and the answer was lost. */
export interface Trouble {
  readonly error: Error;
  readonly when: "before" | "after";
}

export class Server implements Door {
  version = 1;
  calls: string[] = [];
  trouble: Trouble[] = [];
  beforeAnswer: (() => void) | null = null;
  accepted: ((last: CampaignDocument, next: CampaignDocument) => void) | null = null;

  private readonly revisions = new Map<string, CampaignDocument>();

  constructor(public document: CampaignDocument = drawing("a b", "a-b")) {
    this.document = inCanonicalForm(document);
  }

  get etag(): string {
    return `"${this.version}"`;
  }

  fail(...errors: Error[]): void {
    this.trouble = errors.map((error) => ({ error, when: "before" }));
  }

  /** Somebody else was first. */
  replace(document: CampaignDocument): void {
    this.revise(document);
    this.version++;
  }

  private revise(document: CampaignDocument): void {
    this.revisions.set(this.etag, this.document);
    this.document = inCanonicalForm(document);
  }

  /** Somebody else was first: part by part who changed what, in the server's form. */
  private conflict(document: CampaignDocument, etag: string): Refused {
    const yours = inCanonicalForm(document);
    const found = compared(this.revisions.get(etag) ?? yours, this.document, yours);
    const parts = found.map(({ fate }) => ({ changed_by: fate === "mine" ? "yours" : fate }));
    return new Refused(412, { parts }, this.etag, 0);
  }

  async draft(): Promise<Draft> {
    await Promise.resolve();
    return { document: this.document, etag: this.etag };
  }

  save(_slug: string, document: CampaignDocument, etag: string): Promise<Draft> {
    return this.answering(`PUT ${etag}`, () => {
      if (etag !== this.etag) throw this.conflict(document, etag);
      const last = this.document;
      this.revise({ ...document, layout: { ...document.layout, ...last.layout } });
      if (meaningText(last) !== meaningText(this.document)) this.version++;
      this.accepted?.(last, this.document);
      return { document: this.document, etag: this.etag };
    });
  }

  place(_slug: string, places: Places): Promise<void> {
    return this.answering("PATCH", () => {
      this.document = placedAt(this.document, places);
    });
  }

  private async answering<T>(call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    await Promise.resolve();
    this.beforeAnswer?.();
    const trouble = this.trouble.shift();
    if (trouble?.when === "before") throw trouble.error;
    const answer = work();
    if (trouble) throw trouble.error;
    return answer;
  }
}

/** Settings that are left out where they have these values. */
const DEFAULTS: { readonly [name: string]: Json } = { note: "", tries: 3 };

/** As the real one writes documents: labels without blanks around them, settings without their defaults, text in NFC. */
export const inCanonicalForm = (document: CampaignDocument): CampaignDocument => tidied(normal(document as unknown as Json) as unknown as CampaignDocument);

function normal(value: Json, name = ""): Json {
  if (typeof value === "string") return (name === "label" ? value.trim() : value).normalize("NFC");
  if (Array.isArray(value)) return value.map((each) => normal(each));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([each, inner]): [string, Json] => [each, normal(inner, each)]);
  return Object.fromEntries(members.filter(([each, inner]) => !(each in DEFAULTS && sameJson(inner, DEFAULTS[each])) && !(each === "label" && inner === "")));
}

function placedAt(document: CampaignDocument, places: Places): CampaignDocument {
  const known = new Set(activitiesOf(document).map(({ id }) => id));
  const all = Object.entries({ ...document.layout, ...places }).filter(([id, place]) => place !== null && known.has(id));
  return tidied({ ...document, layout: Object.fromEntries(all) as { [id: string]: Place } });
}
