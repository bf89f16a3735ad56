// What is not saved yet, kept in the browser under a key of this tab, until the server has it.
import type { CampaignDocument } from "../model/document";
import { isDocument } from "../model/shape";

export interface Kept {
  readonly document: CampaignDocument;
  /** The draft it began with, and the ETag of that. */
  readonly base: CampaignDocument;
  readonly etag: string;
  readonly at: number;
}

const PREFIX = "tutti-canvas";

export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  readonly length: number;
  key(index: number): string | null;
}

export class Keeper {
  private own: string;

  constructor(
    private readonly shelf: Shelf,
    user: string,
    slug: string,
    tab: string,
  ) {
    this.prefix = `${PREFIX}:${user}:${slug}:`;
    this.own = this.prefix + tab;
  }

  private readonly prefix: string;

  /** False where the browser has no room: then only what is on the screen is left. */
  keep(document: CampaignDocument, base: CampaignDocument, etag: string): boolean {
    try {
      this.shelf.setItem(this.own, JSON.stringify({ document, base, etag, at: Date.now() } satisfies Kept));
      return true;
    } catch {
      return false;
    }
  }

  forget(): void {
    this.shelf.removeItem(this.own);
  }

  /** The latest of what this tab kept, or a tab that is gone; it is this tab's from now on. */
  recover(isOpen: (key: string) => boolean): Kept | null {
    const found = this.keys()
      .filter((key) => key === this.own || !isOpen(key))
      .flatMap((key) => {
        const kept = this.read(key);
        return kept ? [{ key, kept }] : [];
      })
      .sort((a, b) => b.kept.at - a.kept.at)[0];
    if (!found) return null;
    if (found.key !== this.own) {
      this.keep(found.kept.document, found.kept.base, found.kept.etag);
      this.shelf.removeItem(found.key);
    }
    return found.kept;
  }

  get key(): string {
    return this.own;
  }

  private keys(): string[] {
    const all = Array.from({ length: this.shelf.length }, (_, index) => this.shelf.key(index) ?? "");
    return all.filter((key) => key.startsWith(this.prefix));
  }

  private read(key: string): Kept | null {
    try {
      const kept = JSON.parse(this.shelf.getItem(key) ?? "null") as Kept | null;
      return kept && typeof kept.etag === "string" && isDocument(kept.document) && isDocument(kept.base) ? kept : null;
    } catch {
      return null;
    }
  }
}

/** A name for this tab that outlives its reload and is not shared with a tab that was duplicated from it. */
export async function nameTab(session: Storage, locks: LockManager | undefined): Promise<string> {
  const remembered = session.getItem(PREFIX);
  if (remembered && (await hold(remembered, locks, RELEASE))) return remembered;
  const fresh = Math.random().toString(36).slice(2, 12);
  session.setItem(PREFIX, fresh);
  await hold(fresh, locks, 0);
  return fresh;
}

/** Milliseconds: how long the page before may take; a tab that was duplicated waits as long for its own name. */
const RELEASE = 1500;

const lockOf = (tab: string): string => `${PREFIX}:${tab}`;

/** Held until the tab is gone. A page that is reloaded may begin before the browser has let its old lock go. */
function hold(tab: string, locks: LockManager | undefined, patience: number): Promise<boolean> {
  if (!locks) return Promise.resolve(true);
  const manner = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((answer) => {
    locks
      .request(lockOf(tab), manner, (lock) => {
        answer(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => undefined);
      })
      .catch(() => answer(false));
  });
}

export async function openTabs(locks: LockManager | undefined): Promise<(key: string) => boolean> {
  const held = new Set((await locks?.query())?.held?.map((lock) => lock.name) ?? []);
  return (key) => held.has(lockOf(key.split(":").at(-1) ?? ""));
}
