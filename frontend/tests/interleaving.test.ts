// Two tabs on one draft, in generated orders of edits, saves, troubles and choices: whatever the server accepted stays
// until somebody who saw it changes it, and undoing takes back what one did oneself and nothing else.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Choices, Client } from "../src/api/client";
import { Unreachable } from "../src/api/client";
import { canonicalText, sameJson } from "../src/model/canonical";
import type { CampaignDocument } from "../src/model/document";
import { activitiesOf, keyOf, transitionsOf } from "../src/model/document";
import { freshIds } from "../src/model/ids";
import type { Side } from "../src/saving/merging";
import { Keeper } from "../src/saving/keeper";
import { keyOfPart, partsOf } from "../src/saving/parts";
import { Store } from "../src/store";
import type { Told } from "../src/told";
import { KNOWN, chance, drawing } from "./drawings";
import { Memory } from "./memory";
import { Server, inCanonicalForm } from "./server";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ROUNDS = Number(process.env["TUTTI_ROUNDS"] ?? 100);
const STEPS = 24;
const NO_CHOICES = { dimension: [], channel: [], audience: [] } as unknown as Choices;
const TOLD = { slug: "c", mayEdit: true, user: "1" } as Told;

const differing = (last: CampaignDocument, next: CampaignDocument): Set<string> => {
  const [before, after] = [partsOf(last), partsOf(next)];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Set([...keys].filter((key) => !sameJson(before.get(key)?.value ?? null, after.get(key)?.value ?? null)));
};

/** The activities that a part speaks of. */
const activitiesIn = (key: string): string[] => {
  const [kind = "", ...rest] = key.split(" ");
  const words = rest.join(" ");
  return kind === "activity" ? [words] : kind === "transition" ? words.split(" → ").map((end) => end.split(".")[0] ?? end) : [];
};

const GONE = "not there";

/** An activity without its id, as text of the server's. */
function written(document: CampaignDocument, key: string): string {
  const part = partsOf(inCanonicalForm(document)).get(key)?.value as { readonly id?: string } | undefined;
  return part ? JSON.stringify({ ...part, id: "" }) : GONE;
}

class Tab {
  readonly store: Store;
  /** Parts that this tab's own edits touched, ever. */
  readonly own = new Set<string>();
  /** What activities were made to be and the server has not accepted yet: nothing but a choice may change that. */
  private readonly pending = new Map<string, string>();
  /** Parts of a save whose answer was lost: whoever takes such a change back before knowing it was saved may have to do so again. */
  private readonly inDoubt = new Set<string>();
  changed: ReadonlySet<string> = new Set();
  isOffline = false;

  constructor(
    readonly name: string,
    private readonly server: Server,
    private readonly random: () => number,
  ) {
    const { document, etag } = server;
    const keeper = new Keeper(new Memory(), "1", "c", name);
    this.store = new Store(TOLD, this.client(), keeper, { document, etag }, [...KNOWN.kinds.values()], NO_CHOICES);
    this.followIds();
  }

  /** What is new here gets another id where somebody else has taken the first; it is this tab's all the same. */
  private followIds(): void {
    const store = this.store as unknown as { setApart: (ids: readonly string[], theirs: CampaignDocument) => void };
    const setApart = store.setApart.bind(store);
    store.setApart = (ids, theirs) => {
      const { past, present, future } = this.store.state.history;
      const names = freshIds([theirs, ...past, present, ...future], ids);
      names.forEach((next, last) => this.own.has(`activity ${last}`) && this.own.add(`activity ${next}`));
      for (const [key, value] of [...this.pending]) {
        const next = names.get(key.slice("activity ".length));
        if (next === undefined) continue;
        this.pending.delete(key);
        this.pending.set(`activity ${next}`, value);
      }
      setApart(ids, theirs);
    };
  }

  private client(): Client {
    const { server } = this;
    const door = {
      draft: () => this.network(() => server.draft()),
      save: (slug: string, document: CampaignDocument, etag: string) => this.network(() => server.save(slug, document, etag)),
      place: (slug: string, places: Parameters<Server["place"]>[1]) => this.network(() => server.place(slug, places)),
      lint: () => Promise.resolve({ problems: [], ports: {} }),
    };
    return door as unknown as Client;
  }

  private async network<T>(work: () => Promise<T>): Promise<T> {
    await new Promise((on) => setTimeout(on, Math.floor(this.random() * 400)));
    if (this.isOffline) throw new Unreachable("offline");
    saving = this;
    this.changed = new Set();
    const answer = await work();
    if (this.random() < 0.08) {
      this.changed.forEach((key) => this.inDoubt.add(key));
      throw new Unreachable("the answer was lost");
    }
    await new Promise((on) => setTimeout(on, Math.floor(this.random() * 400)));
    return answer;
  }

  /** Does something as a person does, and remembers what it touched. */
  act(work: () => void): void {
    const before = this.store.document;
    work();
    for (const key of differing(before, this.store.document)) {
      this.own.add(key);
      activitiesIn(key).forEach((id) => this.own.add(`activity ${id}`));
    }
    this.remember(before);
  }

  private remember(before: CampaignDocument): void {
    for (const key of differing(before, this.store.document)) {
      const now = written(this.store.document, key);
      // What is again as the tab knows it to be saved may be changed by the other.
      if (now === written(this.base, key)) this.pending.delete(key);
      else if (key.startsWith("activity ")) this.pending.set(key, now);
    }
  }

  private get base(): CampaignDocument {
    return (this.store as unknown as { saver: { base: CampaignDocument } }).saver.base;
  }

  accepted(document: CampaignDocument): void {
    for (const [key, value] of this.pending) if (written(document, key) === value) this.pending.delete(key);
  }

  /** Called whenever something may have happened behind the person's back. */
  check(seed: number): void {
    const lost = [...this.pending].filter(([key, value]) => !this.inDoubt.has(key) && written(this.store.document, key) !== value);
    expect(lost, `seed ${seed}: ${this.name} lost what it had not saved yet`).toEqual([]);
  }

  undo(): void {
    const before = this.store.document;
    this.store.undo();
    const touched = [...differing(before, this.store.document)];
    expect(touched.filter((key) => !this.isOwn(key)), "an undo touched what somebody else did").toEqual([]);
    this.remember(before);
  }

  isOwn(key: string): boolean {
    return this.own.has(key) || activitiesIn(key).some((id) => this.own.has(`activity ${id}`) && key.startsWith("transition"));
  }

  choose(): void {
    if (this.store.state.saving.is !== "conflict") return;
    const sides = new Map(this.store.collisions().map((each): [string, Side] => [keyOfPart(each), this.random() < 0.5 ? "mine" : "theirs"]));
    sides.forEach((side, key) => side === "theirs" && this.pending.delete(key));
    this.store.resolve(sides);
  }

  get isDone(): boolean {
    return this.store.state.saving.is === "saved";
  }
}

/** What the server writes otherwise. */
const WORDS = ["", " ", "e\u0301", " 가"];

let saving: Tab | null = null;
let number = 0;

function edit(tab: Tab, random: () => number): void {
  const { store } = tab;
  const activities = activitiesOf(store.document);
  const some = () => activities[Math.floor(random() * activities.length)]?.id ?? "";
  const kind = Math.floor(random() * 8);
  if (activities.length === 0 || kind === 0) tab.act(() => store.add("step", { at: "free", place: null }));
  else if (kind === 1) tab.act(() => store.remove(new Set([some()])));
  else if (kind === 2) tab.act(() => store.connect({ from: some(), port: "main", to: some() }));
  else if (kind === 3) tab.act(() => store.disconnect(new Set(transitionsOf(store.document).slice(0, 1).map(keyOf))));
  else if (kind === 4) tab.act(() => store.configure(some(), { note: `${tab.name}-${++number}`, ...(random() < 0.5 ? { tries: 3 } : {}) }, "note"));
  else if (kind === 5) store.move({ [some()]: [Math.floor(random() * 900), Math.floor(random() * 900)] });
  else if (kind === 6 && random() < 0.6) tab.undo();
  else tab.act(() => store.relabel(some(), `${tab.name}-${++number}${WORDS[Math.floor(random() * 4)] ?? ""}`));
}

async function settle(tabs: readonly Tab[], seed: number): Promise<void> {
  for (let round = 0; round < 60 && !tabs.every((tab) => tab.isDone); round++) {
    tabs.forEach((tab) => tab.choose());
    await vi.advanceTimersByTimeAsync(40_000);
  }
  expect(tabs.map((tab) => tab.store.state.saving.is), `seed ${seed}`).toEqual(tabs.map(() => "saved"));
}

async function session(seed: number): Promise<number> {
  const random = chance(seed);
  const server = new Server(drawing("a b c d e", "a-b b-c d-e"));
  const tabs = ["A", "B"].map((name) => new Tab(name, server, random));
  let accepted = 0;
  server.accepted = (last, next) => {
    accepted++;
    tabs.forEach((tab) => tab.accepted(next));
    if (saving) saving.changed = differing(last, next);
    const lost = [...differing(last, next)].filter((key) => !saving?.isOwn(key));
    expect(lost, `seed ${seed}: a save of ${saving?.name} changed what it never touched`).toEqual([]);
  };
  for (let step = 0; step < STEPS; step++) {
    const tab = tabs[Math.floor(random() * 2)] as Tab;
    if (random() < 0.15) tab.isOffline = !tab.isOffline;
    edit(tab, random);
    await vi.advanceTimersByTimeAsync(Math.floor(random() * random() * 3_000));
    tabs.forEach((each) => each.check(seed));
    tabs.forEach((each) => random() < 0.3 && each.choose());
  }
  tabs.forEach((tab) => (tab.isOffline = false));
  await settle(tabs, seed);
  for (const tab of tabs) {
    tab.act(() => tab.store.add("step", { at: "free", place: null }));
    await settle(tabs, seed);
  }
  expect(canonicalText(server.document)).toBe(canonicalText(inCanonicalForm((tabs[1] as Tab).store.document)));
  return accepted;
}

test(`${ROUNDS} generated sessions of two tabs lose no accepted change`, async () => {
  let accepted = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) accepted += await session(seed);
  expect(accepted).toBeGreaterThan(ROUNDS * 4);
}, 900_000);

test("undoing everything gives back every byte, places included", async () => {
  const server = new Server(drawing("a b c", "a-b"));
  const tab = new Tab("A", server, chance(5));
  const before = canonicalText(server.document);
  const random = chance(6);
  for (let step = 0; step < 120; step++) {
    edit(tab, random);
    if (random() < 0.3) await vi.advanceTimersByTimeAsync(1_500);
  }
  await settle([tab], 5);
  expect(canonicalText(server.document)).not.toBe(before);
  while (tab.store.state.history.past.length > 0) tab.undo();
  await settle([tab], 5);
  expect(canonicalText(server.document)).toBe(before);
});
