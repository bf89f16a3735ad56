// A server of drafts in memory: it compares and sets as the real one does, and has the troubles that are put into it.
import type { Draft } from "../src/api/client";
import { Refused } from "../src/api/client";
import { meaningText, tidied } from "../src/model/canonical";
import type { CampaignDocument, Place } from "../src/model/document";
import { activitiesOf } from "../src/model/document";
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

  constructor(public document: CampaignDocument = drawing("a b", "a-b")) {}

  get etag(): string {
    return `"${this.version}"`;
  }

  fail(...errors: Error[]): void {
    this.trouble = errors.map((error) => ({ error, when: "before" }));
  }

  /** Somebody else was first. */
  replace(document: CampaignDocument): void {
    this.document = tidied(document);
    this.version++;
  }

  async draft(): Promise<Draft> {
    await Promise.resolve();
    return { document: this.document, etag: this.etag };
  }

  save(_slug: string, document: CampaignDocument, etag: string): Promise<Draft> {
    return this.answering(`PUT ${etag}`, () => {
      if (etag !== this.etag) throw new Refused(412, {}, this.etag, 0);
      const last = this.document;
      this.document = tidied({ ...document, layout: { ...document.layout, ...last.layout } });
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

function placedAt(document: CampaignDocument, places: Places): CampaignDocument {
  const known = new Set(activitiesOf(document).map(({ id }) => id));
  const all = Object.entries({ ...document.layout, ...places }).filter(([id, place]) => place !== null && known.has(id));
  return tidied({ ...document, layout: Object.fromEntries(all) as { [id: string]: Place } });
}
