// Brings the draft to the server: what it means by PUT as long as nobody else was first, where it stands by PATCH.
import type { Draft } from "../api/client";
import { isOtherUser, isSignedOut, Refused, Unreachable } from "../api/client";
import { canonicalText, meaningText, tidied } from "../model/canonical";
import type { CampaignDocument, Place } from "../model/document";
import { activitiesOf } from "../model/document";
import type { Comparison, Settled, Side } from "./merging";
import { clashes, compared, drifted, moves, settledBy } from "./merging";
import type { Ground } from "./rewrites";
import { asSaved, rewritten, standing } from "./rewrites";

export type SaveState =
  | { readonly is: "saved" }
  | { readonly is: "unsaved" }
  | { readonly is: "saving" }
  | { readonly is: "offline" }
  | { readonly is: "signed_out" }
  | { readonly is: "other_user"; readonly message: string }
  | { readonly is: "refused"; readonly message: string }
  | { readonly is: "conflict"; readonly theirs: Draft };

export interface Door {
  draft(slug: string): Promise<Draft>;
  save(slug: string, document: CampaignDocument, etag: string): Promise<Draft>;
  place(slug: string, layout: { readonly [id: string]: Place | null }): Promise<void>;
}

export interface Desk {
  present(): CampaignDocument;
  /** What somebody else changed is so in everything that is here, with all that can be undone. */
  rebase(settled: Settled): void;
  /** Somebody else gave these ids to something new: what is new here gets others. */
  setApart(ids: readonly string[], theirs: CampaignDocument): void;
  /** What somebody else changed was taken over, and nobody had to choose. */
  tookOver(count: number): void;
  told(state: SaveState): void;
  keep(document: CampaignDocument, ground: Ground): void;
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
  private unanswered: readonly CampaignDocument[] = [];
  /** What was kept when the page went: it may have been on its way. */
  private kept: readonly CampaignDocument[] = [];
  private state: SaveState = { is: "saved" };
  private ground: Ground;

  constructor(
    private readonly slug: string,
    private readonly door: Door,
    private readonly desk: Desk,
    base: CampaignDocument,
    etag: string,
  ) {
    this.ground = { base, etag, rewrites: [] };
  }

  get base(): CampaignDocument {
    return this.ground.base;
  }

  get isClean(): boolean {
    return canonicalText(this.present()) === canonicalText(this.base);
  }

  /** What is here, in the server's words. */
  private present(): CampaignDocument {
    return asSaved(tidied(this.desk.present()), this.ground.rewrites);
  }

  /** What either side changed, seen from the draft both began with. */
  collisions(theirs: Draft): Comparison[] {
    return compared(this.base, theirs.document, this.present());
  }

  get tag(): string {
    return this.ground.etag;
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

  /** What was kept from another time began with that. */
  startedFrom(ground: Ground, kept: CampaignDocument): void {
    this.ground = ground;
    this.kept = [tidied(kept)];
  }

  /** The choice was made, and the next save is on top of theirs. */
  resolved(parts: Settled["parts"], theirs: Draft): void {
    this.takeOver(parts, theirs);
    this.tell({ is: "unsaved" });
    this.touch();
    void this.flush();
  }

  private takeOver(parts: Settled["parts"], theirs: Draft): void {
    const { document, etag } = theirs;
    const drifts = drifted(this.base.layout, document.layout, this.desk.present().layout);
    this.goOnFrom({ base: tidied(document), etag, rewrites: standing(this.ground.rewrites, document) }, { parts, drifts });
  }

  private goOnFrom(ground: Ground, settled: Settled): void {
    this.ground = ground;
    this.unanswered = [];
    this.kept = [];
    this.desk.rebase(settled);
  }

  private keep(): void {
    this.desk.keep(this.desk.present(), this.ground);
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
    const { base, etag, rewrites } = this.ground;
    if (meaningText(asSaved(sent, rewrites)) === meaningText(base)) {
      const places = moves(base, sent);
      if (Object.keys(places).length > 0) await this.door.place(this.slug, places);
      this.ground = { ...this.ground, base: tidied({ ...base, layout: sent.layout ?? {} }) };
      return;
    }
    this.saved(sent, await this.answered(sent, etag));
  }

  private async answered(sent: CampaignDocument, etag: string): Promise<Draft> {
    const before = this.unanswered;
    this.unanswered = [...before.filter((each) => meaningText(each) !== meaningText(sent)), sent].slice(-MOST_UNANSWERED);
    try {
      return await this.door.save(this.slug, sent, etag);
    } catch (error) {
      if (error instanceof Refused) this.unanswered = before;
      throw error;
    }
  }

  /** Only places follow, which the server keeps where somebody else has put them. */
  private saved(sent: CampaignDocument, { document, etag }: Draft): void {
    const base = tidied(document);
    const drifts = drifted(this.base.layout, base.layout, sent.layout);
    this.goOnFrom({ base, etag, rewrites: rewritten(sent, base) }, { parts: [], drifts });
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
      this.again();
      if (!(error instanceof Unreachable)) throw error;
      return;
    }
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
      const theirs = await this.door.draft(this.slug);
      const arrived = await this.arrived(theirs);
      if (arrived) this.settle();
      else this.meet(theirs);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      this.again();
    }
  }

  /** Whether what is there was sent from here, and only the answer was lost. */
  private async arrived(theirs: Draft): Promise<boolean> {
    for (const sent of [...this.kept, ...this.unanswered].reverse()) {
      const answer = meaningText(sent) === meaningText(theirs.document) ? theirs : await this.recognised(sent, theirs);
      if (answer) this.saved(sent, answer);
      if (answer) return true;
    }
    return false;
  }

  /** Only the server can say whether a draft is what it made of something that was sent: asked to save that again, it does. */
  private async recognised(sent: CampaignDocument, theirs: Draft): Promise<Draft | null> {
    try {
      return await this.door.save(this.slug, sent, this.ground.etag);
    } catch (error) {
      if (!(error instanceof Refused) || ![412, 422].includes(error.status)) throw error;
      if (error.status === 422) return null;
      if (error.etag !== theirs.etag) throw new Unreachable("the draft was changed meanwhile");
      return isTheSame(error) ? theirs : null;
    }
  }

  private meet(theirs: Draft): void {
    const own = new Set(this.unanswered.flatMap((each) => activitiesOf(each).map(({ id }) => id)));
    const taken = clashes(this.base, theirs.document, this.desk.present()).filter((id) => !own.has(id));
    if (taken.length > 0) this.desk.setApart(taken, theirs.document);
    const found = this.collisions(theirs);
    if (found.some(({ fate }) => fate === "both")) this.tell({ is: "conflict", theirs });
    else this.goOnTogether(settledBy(found, NO_CHOICE), theirs);
  }

  private goOnTogether(parts: Settled["parts"], theirs: Draft): void {
    this.takeOver(parts, theirs);
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

/** The draft is what was sent: nothing is left that only one side has. */
const isTheSame = ({ details }: Refused): boolean => details.parts?.every((part) => part.changed_by === "same") ?? false;

function sentence(error: Refused): string {
  const first = error.details.problems?.[0];
  return first ? `${first.message} ${first.remedy}`.trim() : error.message;
}
