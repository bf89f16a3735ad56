// What is not saved yet, kept in the browser under a key of this tab, until the server has it.
import type { CampaignDocument } from "../model/document";
import { readJson, writeJson } from "../model/json";
import { isDocument } from "../model/shape";
import type { Ground } from "./rewrites";
import { areRewrites } from "./rewrites";

/** A document, and what it went on from. */
export interface Kept extends Ground {
  readonly document: CampaignDocument;
  readonly at: number;
}

/** What was kept, and where. */
export interface Left {
  readonly key: string;
  readonly kept: Kept;
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
  keep(document: CampaignDocument, ground: Ground): boolean {
    try {
      this.shelf.setItem(this.own, writeJson({ document, ...ground, at: Date.now() } satisfies Kept));
      return true;
    } catch {
      return false;
    }
  }

  forget(): void {
    this.discard(this.own);
  }

  /** What this tab kept before it was loaded again. */
  recovered(): Left | null {
    return this.leftAt(this.own)[0] ?? null;
  }

  /** What tabs that are gone kept, the latest first. */
  left(isOpen: (key: string) => boolean): Left[] {
    return this.keys()
      .filter((key) => key !== this.own && !isOpen(key))
      .flatMap((key) => this.leftAt(key))
      .sort((a, b) => b.kept.at - a.kept.at);
  }

  discard(key: string): void {
    this.shelf.removeItem(key);
  }

  get key(): string {
    return this.own;
  }

  private keys(): string[] {
    const all = Array.from({ length: this.shelf.length }, (_, index) => this.shelf.key(index) ?? "");
    return all.filter((key) => key.startsWith(this.prefix));
  }

  private leftAt(key: string): Left[] {
    const kept = this.read(key);
    return kept ? [{ key, kept }] : [];
  }

  private read(key: string): Kept | null {
    try {
      return asKept(readJson(this.shelf.getItem(key) ?? "null"));
    } catch {
      return null;
    }
  }
}

function asKept(value: unknown): Kept | null {
  const kept = value as Kept | null;
  if (!kept || typeof kept.etag !== "string" || !isDocument(kept.document) || !isDocument(kept.base)) return null;
  return { ...kept, rewrites: areRewrites(kept.rewrites, kept.base) ? kept.rewrites : [] };
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
