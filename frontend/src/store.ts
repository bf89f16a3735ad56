// What the application knows and does: one draft with its history, what is selected, what the server said of it.
import type { Choices, Client, Draft, Fix, Problem } from "./api/client";
import { Refused } from "./api/client";
import { inWords, t } from "./messages";
import { canonicalText, meaningText, tidied } from "./model/canonical";
import { asText, fromText } from "./model/clipboard";
import type { Wanted } from "./model/connecting";
import { refusal } from "./model/connecting";
import type { Activity, CampaignDocument, Config, Place, Transition } from "./model/document";
import { activitiesOf, activityOf, own, portOf } from "./model/document";
import type { Outlet } from "./model/edits";
import {
  added,
  addedAfter,
  configured,
  connected,
  cutting,
  disconnected,
  inserted,
  moved,
  newActivity,
  pasted,
  removed,
  renamed,
  withIds,
} from "./model/edits";
import type { History } from "./model/history";
import { begun, done, rebuilt, redone, settled, undone } from "./model/history";
import { heightsOf } from "./model/heights";
import { freshIds } from "./model/ids";
import type { Kind, Known } from "./model/kinds";
import { leaving, portsOf, titleOf } from "./model/kinds";
import type { HeightOf, Places } from "./model/layout";
import { completed, freePlace, laidOut, COLUMN } from "./model/layout";
import { patched } from "./model/patch";
import { worded } from "./model/wording";
import type { Comparison, Settled, Side } from "./saving/merging";
import { compared, rebased, settledBy } from "./saving/merging";
import type { Keeper, Kept } from "./saving/keeper";
import type { SaveState } from "./saving/saver";
import { Saver } from "./saving/saver";
import type { Told } from "./told";

export type View = "canvas" | "outline";

export interface Notice {
  readonly text: string;
  readonly tone: "info" | "bad";
  readonly number: number;
}

export interface State {
  readonly history: History;
  readonly known: Known;
  readonly choices: Choices;
  readonly selected: ReadonlySet<string>;
  readonly arrows: ReadonlySet<string>;
  readonly open: string | null;
  readonly renaming: string | null;
  readonly problems: readonly Problem[];
  /** The document in which they were found. */
  readonly judged: CampaignDocument;
  readonly checking: boolean;
  readonly saving: SaveState;
  readonly view: View;
  readonly notice: Notice | null;
  /** Where the canvas should look next, and the drawer: at what was found at this path. */
  readonly goal: { readonly id: string; readonly path: string; readonly number: number } | null;
}

/** Where a new activity is put. */
export type Spot =
  | { readonly at: "free"; readonly place: Place | null }
  | { readonly at: "after"; readonly outlet: Outlet; readonly place: Place | null }
  | { readonly at: "into"; readonly transition: Transition };

const LINT_PAUSE = 350;
export const MOST_ACTIVITIES = 500;
const NOTHING: ReadonlySet<string> = new Set();

export class Store {
  private listeners = new Set<() => void>();
  private lintTimer: ReturnType<typeof setTimeout> | undefined;
  private linting: AbortController | null = null;
  private number = 0;
  private readonly saver: Saver;
  state: State;

  constructor(
    readonly told: Told,
    readonly client: Client,
    private readonly keeper: Keeper,
    draft: Draft,
    kinds: readonly Kind[],
    choices: Choices,
  ) {
    const document = tidied(draft.document);
    this.state = {
      history: begun(document),
      known: { kinds: new Map(kinds.map((kind) => [kind.name, kind])), ports: {} },
      choices,
      selected: NOTHING,
      arrows: NOTHING,
      open: null,
      renaming: null,
      problems: [],
      judged: document,
      checking: true,
      saving: { is: "saved" },
      view: "canvas",
      notice: null,
      goal: null,
    };
    this.saver = new Saver(told.slug, client, this.desk(), document, draft.etag);
    this.lintSoon(0);
  }

  private desk() {
    return {
      present: () => this.document,
      rebase: (settled: Settled) => this.rebase(settled),
      setApart: (ids: readonly string[], theirs: CampaignDocument) => this.setApart(ids, theirs),
      tookOver: (count: number) => this.notify(t.tookOver(count)),
      told: (saving: SaveState) => this.set({ saving }),
      keep: (document: CampaignDocument, base: CampaignDocument, etag: string) => {
        if (!this.keeper.keep(document, base, etag)) this.notify(t.storageFull, "bad");
      },
      forget: () => this.keeper.forget(),
    };
  }

  // --- reading ---
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): State => this.state;

  get document(): CampaignDocument {
    return this.state.history.present;
  }

  get mayEdit(): boolean {
    return this.told.mayEdit;
  }

  titleOf(id: string): string {
    const activity = activityOf(this.document, id);
    return activity ? titleOf(this.state.known, activity) : id;
  }

  private set(parts: Partial<State>): void {
    this.state = { ...this.state, ...parts };
    this.listeners.forEach((listener) => listener());
  }

  notify(text: string, tone: Notice["tone"] = "info"): void {
    this.set({ notice: { text, tone, number: ++this.number } });
  }

  hush = (): void => this.set({ notice: null });

  // --- the one way to change the draft ---
  edit(next: CampaignDocument, mark: string | null = null, also: Partial<State> = {}): void {
    if (!this.mayEdit) return;
    this.become(done(this.state.history, next, mark), also);
  }

  private become(history: History, also: Partial<State> = {}): void {
    if (history === this.state.history) {
      this.set(also);
      return;
    }
    const means = meaningText(history.present) !== meaningText(this.document);
    this.set({ history, ...stillThere(this.state, history.present), ...also });
    this.saver.touch();
    if (means) this.lintSoon();
  }

  undo = (): void => this.step(undone(this.state.history), t.undoneStep);
  redo = (): void => this.step(redone(this.state.history), t.redoneStep);
  settle = (): void => this.set({ history: settled(this.state.history) });

  private step(history: History, words: string): void {
    if (!this.mayEdit || history === this.state.history) return;
    this.become(history);
    this.notify(words);
  }

  // --- edits ---
  add(type: string, spot: Spot): string | null {
    if (!this.mayEdit || !this.hasRoomFor(1)) return null;
    const { known } = this.state;
    const activity = newActivity(this.document, known, type);
    const next = this.grown(activity, spot);
    this.edit(next, null, { selected: new Set([activity.id]), arrows: NOTHING, open: activity.id });
    this.notify(t.added(titleOf(known, activity)));
    return activity.id;
  }

  private grown(activity: Activity, spot: Spot): CampaignDocument {
    const { known } = this.state;
    const places = this.places();
    if (spot.at === "free") return added(this.pinned(), activity, spot.place ?? freePlace(places, this.heightOf, this.tall(activity)));
    if (spot.at === "after") {
      const place = spot.place ?? this.besides(spot.outlet.from, places, activity);
      return addedAfter(this.pinned(), known, activity, spot.outlet, place);
    }
    const [fromX, fromY] = own(places, spot.transition.from) ?? [0, 0];
    const [toX, toY] = own(places, spot.transition.to) ?? [0, 0];
    const isTight = toX - fromX < 2 * COLUMN - 40;
    const place: Place = isTight ? [toX, toY] : [(fromX + toX) / 2, (fromY + toY) / 2];
    const document = isTight ? this.shifted(spot.transition.to, places) : this.pinned();
    return inserted(document, known, activity, spot.transition, place);
  }

  /** Room for one more column before this activity. */
  private shifted(id: string, places: { readonly [id: string]: Place }): CampaignDocument {
    const [left] = own(places, id) ?? [0, 0];
    const right = Object.entries(places).filter(([, [x]]) => x >= left);
    return moved(this.document, {
      ...places,
      ...Object.fromEntries(right.map(([each, [x, y]]): [string, Place] => [each, [x + COLUMN, y]])),
    });
  }

  /** Before somebody places the first one by hand, all keep the places they are seen at. */
  private pinned(): CampaignDocument {
    return moved(this.document, this.places());
  }

  private places(): Places {
    return completed(this.document, this.heightOf);
  }

  private besides(id: string, places: Places, activity: Activity): Place {
    const [x, y] = own(places, id) ?? [0, 0];
    return freePlace(places, this.heightOf, this.tall(activity), [x + COLUMN, y]);
  }

  private get heightOf(): HeightOf {
    return heightsOf(this.state.known, this.document);
  }

  private tall(activity: Activity): number {
    return heightsOf(this.state.known, added(this.document, activity))(activity.id);
  }

  /** Where a new activity goes if nobody says: behind the selected one, by its first free port. */
  spotBySelection(): Spot {
    const [only, ...others] = [...this.state.selected];
    const outlet = only !== undefined && others.length === 0 ? this.freeOutlet(only) : null;
    return outlet ? { at: "after", outlet, place: null } : { at: "free", place: null };
  }

  freeOutlet(id: string): Outlet | null {
    const activity = activityOf(this.document, id);
    if (!activity) return null;
    const taken = new Set(leaving(this.document, id).map(portOf));
    const port = portsOf(this.state.known, this.document, activity).find((each) => !each.leads_back && !taken.has(each.name));
    return port ? { from: id, port: port.name } : null;
  }

  freeOutletIs({ from, port }: Outlet): boolean {
    return this.mayEdit && !leaving(this.document, from).some((each) => portOf(each) === port);
  }

  connect(wanted: Wanted): boolean {
    const reason = refusal(this.document, this.state.known, wanted);
    if (reason) {
      this.notify(inWords(reason), "bad");
      return false;
    }
    this.edit(connected(this.document, wanted));
    this.notify(t.connectedTo(this.titleOf(wanted.from), this.titleOf(wanted.to)));
    return true;
  }

  disconnect(keys: ReadonlySet<string>): void {
    this.edit(disconnected(this.document, keys));
    this.notify(t.removedArrow);
  }

  remove(ids: ReadonlySet<string>): void {
    if (!this.mayEdit || ids.size === 0) return;
    this.edit(removed(this.document, this.state.known, ids));
    this.notify(t.removedSome(ids.size));
  }

  removeSelected = (): void => {
    if (this.state.selected.size > 0) this.remove(this.state.selected);
    else if (this.state.arrows.size > 0) this.disconnect(this.state.arrows);
  };

  move(places: { readonly [id: string]: Place }): void {
    this.edit(moved(this.pinned(), places), "move");
  }

  arrange = (): void => {
    this.edit(moved(this.document, laidOut(this.document, this.heightOf)));
    this.notify(t.arranged);
  };

  rename(id: string, label: string): void {
    this.edit(renamed(this.document, id, label.trim().slice(0, 200)), null, { renaming: null });
  }

  /** Letter by letter, as one step. */
  relabel(id: string, label: string): void {
    this.edit(renamed(this.document, id, label), `label ${id}`);
  }

  configure(id: string, config: Config, place: string): void {
    this.edit(configured(this.document, id, config), `config ${id} ${place}`);
  }

  // --- mending ---
  /** Whether a problem is one of this draft, not of something that is asked of the server besides. */
  mayMend({ fixes }: Problem): boolean {
    return this.mayEdit && fixes !== undefined && this.state.problems.some((each) => each.fixes === fixes);
  }

  /** One step that can be undone. What the fix was made for must still be there. */
  mend(problem: Problem, fix: Fix): boolean {
    if (!this.mayMend(problem)) return false;
    const isSame = meaningText(this.document) === meaningText(this.state.judged);
    const next = isSame ? patched(this.document, fix.operations) : null;
    if (!next) {
      this.notify(t.fixStale, "bad");
      this.lintSoon(0);
      return false;
    }
    const problems = this.state.problems.filter((each) => each.fixes !== problem.fixes);
    this.edit(tidied(next), null, { problems });
    this.notify(t.fixed(fix.label));
    return true;
  }

  // --- clipboard ---
  copied(): string | null {
    if (this.state.selected.size === 0) return null;
    this.notify(t.copied(this.state.selected.size));
    return asText(cutting(this.pinned(), this.state.selected));
  }

  paste(text: string, shift: Place = [40, 40]): void {
    if (!this.mayEdit) return;
    const cut = fromText(text);
    if (!cut) {
      this.notify(t.pasteForeign, "bad");
      return;
    }
    if (!this.hasRoomFor(cut.activities.length)) return;
    const { document, ids } = pasted(this.pinned(), this.state.known, cut, shift);
    this.edit(document, null, { selected: new Set(ids), arrows: NOTHING, open: null });
    this.notify(t.pastedSome(ids.length));
  }

  private hasRoomFor(count: number): boolean {
    if (activitiesOf(this.document).length + count <= MOST_ACTIVITIES) return true;
    this.notify(t.pasteTooMany(MOST_ACTIVITIES), "bad");
    return false;
  }

  // --- looking ---
  select(ids: Iterable<string>, arrows: Iterable<string> = []): void {
    const [selected, chosen] = [new Set(ids), new Set(arrows)];
    if (sameSet(selected, this.state.selected) && sameSet(chosen, this.state.arrows)) return;
    this.set({ selected, arrows: chosen, history: settled(this.state.history) });
  }

  selectAll = (): void => this.select(activitiesOf(this.document).map(({ id }) => id));

  openDrawer(id: string | null): void {
    const open = id !== null && activityOf(this.document, id) ? id : null;
    this.set({ open, history: settled(this.state.history), ...(open ? { selected: new Set([open]) } : {}) });
  }

  startRenaming(id: string | null): void {
    if (this.mayEdit) this.set({ renaming: id });
  }

  goTo(id: string, path = ""): void {
    this.set({ selected: new Set([id]), arrows: NOTHING, open: id, goal: { id, path, number: ++this.number } });
  }

  show(view: View): void {
    this.set({ view });
  }

  // --- the server ---
  flush = (): Promise<boolean> => this.saver.flush();

  /** What an earlier visit could not save. */
  recover(kept: Kept): void {
    if (!this.mayEdit || canonicalText(kept.document) === canonicalText(this.document)) {
      this.keeper.forget();
      return;
    }
    this.saver.startedFrom(kept.base, kept.etag);
    this.edit(tidied(kept.document));
    this.notify(t.recovered);
  }

  /** What both changed, seen from the draft both began with. */
  collisions(): Comparison[] {
    const { saving } = this.state;
    return saving.is === "conflict" ? compared(saving.base, saving.theirs.document, this.document) : [];
  }

  resolve(sides: ReadonlyMap<string, Side>): void {
    const { saving } = this.state;
    if (saving.is !== "conflict") return;
    this.saver.resolved(settledBy(this.collisions(), sides), saving.theirs);
  }

  private rebase(settled: Settled): void {
    if (settled.parts.length === 0 && settled.drifts.length === 0) return;
    this.replant((document) => rebased(document, settled));
  }

  private setApart(ids: readonly string[], theirs: CampaignDocument): void {
    const { past, present, future } = this.state.history;
    const names = freshIds([theirs, ...past, present, ...future], ids);
    const open = this.state.open === null ? null : (names.get(this.state.open) ?? this.state.open);
    this.replant((document) => withIds(document, this.state.known, names), { open });
  }

  private replant(each: (document: CampaignDocument) => CampaignDocument, also: Partial<State> = {}): void {
    const history = rebuilt(this.state.history, each);
    const means = meaningText(history.present) !== meaningText(this.document);
    this.set({ history, ...stillThere({ ...this.state, ...also }, history.present) });
    if (means) this.lintSoon();
  }

  private lintSoon(pause = LINT_PAUSE): void {
    clearTimeout(this.lintTimer);
    this.lintTimer = setTimeout(() => void this.lint(), pause);
  }

  private async lint(): Promise<void> {
    this.linting?.abort();
    const own = new AbortController();
    this.linting = own;
    this.set({ checking: true });
    const document = this.document;
    try {
      const { problems, ports } = await this.client.lint(document, own.signal);
      this.set({ problems: worded(problems, document, this.state.known), judged: document, known: { ...this.state.known, ports }, checking: false });
    } catch (error) {
      if (own.signal.aborted) return;
      const refused = error instanceof Refused ? { problems: error.details.problems ?? [], judged: document } : {};
      this.set({ ...refused, checking: false });
    }
  }
}

function stillThere(state: State, document: CampaignDocument): Partial<State> {
  const known = new Set(activitiesOf(document).map(({ id }) => id));
  return {
    selected: new Set([...state.selected].filter((id) => known.has(id))),
    arrows: NOTHING,
    open: state.open !== null && known.has(state.open) ? state.open : null,
  };
}

const sameSet = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  left.size === right.size && [...left].every((each) => right.has(each));
