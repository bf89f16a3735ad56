// Brings the draft to the server: what it means by PUT as long as nobody else was first, where it stands by PATCH.
import type { Draft } from "../api/client";
import { isOtherUser, isSignedOut, Refused, Unreachable } from "../api/client";
import { canonicalText, meaningText, tidied } from "../model/canonical";
import type { CampaignDocument, Place } from "../model/document";
import { activitiesOf } from "../model/document";
import type { Settled, Side } from "./merging";
import { clashes, compared, drifted, moves, settledBy } from "./merging";

export type SaveState =
  | { readonly is: "saved" }
  | { readonly is: "unsaved" }
  | { readonly is: "saving" }
  | { readonly is: "offline" }
  | { readonly is: "signed_out" }
  | { readonly is: "other_user"; readonly message: string }
  | { readonly is: "refused"; readonly message: string }
  | { readonly is: "conflict"; readonly base: CampaignDocument; readonly theirs: Draft };

export interface Door {
  draft(slug: string): Promise<Draft>;
  save(slug: string, document: CampaignDocument, etag: string): Promise<Draft>;
  place(slug: string, layout: { readonly [id: string]: Place | null }): Promise<void>;
}

export interface Desk {
  present(): CampaignDocument;
  /** Everything that is here, with all that can be undone, goes on from what the server has. */
  rebase(settled: Settled): void;
  /** Somebody else gave these ids to something new: what is new here gets others. */
  setApart(ids: readonly string[], theirs: CampaignDocument): void;
  /** What somebody else changed was taken over, and nobody had to choose. */
  tookOver(count: number): void;
  told(state: SaveState): void;
  keep(document: CampaignDocument, base: CampaignDocument, etag: string): void;
  forget(): void;
}

const PAUSE = 700;
const MOST_UNANSWERED = 20;
const RETRY = [2_000, 4_000, 8_000, 15_000, 30_000];

export class Saver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private failures = 0;
  /** What was sent and never answered: the server may have it. */
  private unanswered: CampaignDocument[] = [];
  private state: SaveState = { is: "saved" };

  constructor(
    private readonly slug: string,
    private readonly door: Door,
    private readonly desk: Desk,
    private base: CampaignDocument,
    private etag: string,
  ) {}

  get isClean(): boolean {
    return canonicalText(this.desk.present()) === canonicalText(this.base);
  }

  get tag(): string {
    return this.etag;
  }

  /** Something was edited. It is kept at once and sent after a pause. */
  touch(): void {
    if (this.isClean) {
      this.settle();
      return;
    }
    this.keep();
    if (this.state.is === "conflict") return;
    if (this.state.is !== "offline" && this.state.is !== "saving") this.tell({ is: "unsaved" });
    this.later(PAUSE);
  }

  /** Sends what there is now. True once the server has all of it. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    this.running = this.sendAll().finally(() => (this.running = null));
    await this.running;
    return this.isClean;
  }

  private async sendAll(): Promise<void> {
    if (this.state.is === "conflict") return;
    if (this.isClean) this.settle();
    for (let round = 0; round < 3 && !this.isClean; round++) {
      await this.send();
      if (this.state.is !== "saved" && this.state.is !== "unsaved") break;
    }
  }

  /** What was kept from another time began with that draft. */
  startedFrom(base: CampaignDocument, etag: string): void {
    this.base = base;
    this.etag = etag;
  }

  /** The choice was made, and the next save is on top of theirs. */
  resolved(parts: Settled["parts"], theirs: Draft): void {
    this.goOnFrom(parts, theirs);
    this.tell({ is: "unsaved" });
    this.touch();
    void this.flush();
  }

  private goOnFrom(parts: Settled["parts"], theirs: Draft): void {
    const drifts = drifted(this.base.layout, theirs.document.layout, this.desk.present().layout);
    this.base = tidied(theirs.document);
    this.etag = theirs.etag;
    this.unanswered = [];
    this.desk.rebase({ parts, drifts });
  }

  private keep(): void {
    this.desk.keep(this.desk.present(), this.base, this.etag);
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), milliseconds);
  }

  private async send(): Promise<void> {
    const sent = tidied(this.desk.present());
    this.tell({ is: "saving" });
    try {
      await this.deliver(sent);
      this.failures = 0;
      this.settle();
    } catch (error) {
      await this.failed(error);
    }
  }

  private async deliver(sent: CampaignDocument): Promise<void> {
    if (meaningText(sent) === meaningText(this.base)) {
      const places = moves(this.base, sent);
      if (Object.keys(places).length > 0) await this.door.place(this.slug, places);
      this.base = sent;
      return;
    }
    this.unanswered = [...this.unanswered, sent].slice(-MOST_UNANSWERED);
    const answer = await this.door.save(this.slug, sent, this.etag);
    this.saved(sent, answer);
  }

  /** The server writes what was sent in a form of its own, such as trimmed labels, and keeps places of its own. */
  private saved(sent: CampaignDocument, answer: Draft): void {
    this.goOnFrom(settledBy(compared(sent, answer.document, sent), NO_CHOICE), answer);
  }

  private settle(): void {
    if (this.isClean) {
      clearTimeout(this.timer);
      this.desk.forget();
      this.tell({ is: "saved" });
    } else {
      this.keep();
      this.tell({ is: "unsaved" });
      this.later(PAUSE);
    }
  }

  private async failed(error: unknown): Promise<void> {
    this.keep();
    if (!(error instanceof Refused)) {
      if (!(error instanceof Unreachable)) throw error;
      this.again();
      return;
    }
    this.unanswered.pop();
    if (error.status === 412) await this.collided();
    else if (error.status === 429) this.again(error.waitSeconds * 1000);
    else if (isSignedOut(error)) this.tell({ is: "signed_out" });
    else if (isOtherUser(error)) this.tell({ is: "other_user", message: error.message });
    else this.tell({ is: "refused", message: sentence(error) });
  }

  private again(wait = 0): void {
    this.tell({ is: "offline" });
    this.later(Math.max(wait, RETRY[Math.min(this.failures++, RETRY.length - 1)] ?? 0));
  }

  private async collided(): Promise<void> {
    try {
      this.meet(await this.door.draft(this.slug));
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      this.again();
    }
  }

  private meet(theirs: Draft): void {
    const mine = this.unanswered.find((each) => meaningText(each) === meaningText(theirs.document));
    if (mine) {
      // It was saved, and only the answer was lost.
      this.saved(mine, theirs);
      this.settle();
      return;
    }
    const own = new Set(this.unanswered.flatMap((each) => activitiesOf(each).map(({ id }) => id)));
    const taken = clashes(this.base, theirs.document, this.desk.present()).filter((id) => !own.has(id));
    if (taken.length > 0) this.desk.setApart(taken, theirs.document);
    const found = compared(this.base, theirs.document, this.desk.present());
    if (found.some(({ fate }) => fate === "both")) this.tell({ is: "conflict", base: this.base, theirs });
    else this.takeOver(settledBy(found, NO_CHOICE), theirs);
  }

  private takeOver(parts: Settled["parts"], theirs: Draft): void {
    this.goOnFrom(parts, theirs);
    if (parts.length > 0) this.desk.tookOver(parts.length);
    this.settle();
  }

  private tell(state: SaveState): void {
    if (state.is === this.state.is && state.is !== "refused" && state.is !== "conflict") return;
    this.state = state;
    this.desk.told(state);
  }
}

const NO_CHOICE: ReadonlyMap<string, Side> = new Map();

function sentence(error: Refused): string {
  const first = error.details.problems?.[0];
  return first ? `${first.message} ${first.remedy}`.trim() : error.message;
}
