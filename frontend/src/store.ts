// What the application knows and does: one draft with its history, what is selected, what the server said of it.
import type { Choices, Client, Draft, Fix, Problem } from "./api/client";
import { Refused } from "./api/client";
import { inWords, t } from "./messages";
import type { Alignment, Area } from "./model/aligning";
import { aligned, leastFor } from "./model/aligning";
import { canonicalText, meaningText, tidied, USUAL_SIZE } from "./model/canonical";
import { asText, fromText } from "./model/clipboard";
import type { Wanted } from "./model/connecting";
import { refusal } from "./model/connecting";
import type { Activity, CampaignDocument, Config, Place, Transition } from "./model/document";
import { activitiesOf, activityOf, keyOf, own, portOf, transitionsOf } from "./model/document";
import type { Outlet } from "./model/edits";
import {
  added,
  addedAfter,
  configured,
  connected,
  cutting,
  disconnected,
  inserted,
  labelled,
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
import { completed, freePlace, laidOut, COLUMN, WIDTH } from "./model/layout";
import { isNoteKey, MOST_NOTES, newNoteId, noted, noteKey, noteKeys, noteOf, notesMoved, notesOf, sizeOf, withoutNotes } from "./model/notes";
import { patched } from "./model/patch";
import { worded } from "./model/wording";
import type { Comparison, Settled, Side } from "./saving/merging";
import { rebased, settledBy } from "./saving/merging";
import type { Keeper, Left } from "./saving/keeper";
import type { Ground } from "./saving/rewrites";
import type { SaveState } from "./saving/saver";
import { Saver } from "./saving/saver";
import { backOff, troubleOf } from "./runs/watch";
import type { Told } from "./told";
import { linkedActivity } from "./told";

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
  /** Notes that are selected, by their keys. */
  readonly notes: ReadonlySet<string>;
  readonly open: string | null;
  /** What is written where it stands: the label of an activity, by its id, or of a transition, or a note, by its key. */
  readonly renaming: string | null;
  readonly problems: readonly Problem[];
  /** The document in which they were found. */
  readonly judged: CampaignDocument;
  readonly checking: boolean;
  /** Whether the problems are those of an earlier draft, or nobody knows yet. */
  readonly isUnchecked: boolean;
  readonly saving: SaveState;
  readonly view: View;
  readonly notice: Notice | null;
  /** What earlier visits could not save and what is not brought back by itself. */
  readonly left: readonly Left[];
  /** The address of a page that is asked for while not everything is saved. */
  readonly leaving: string | null;
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
export const LONGEST_LABEL = 200;
const NOTHING: ReadonlySet<string> = new Set();

export class Store {
  private listeners = new Set<() => void>();
  private lintTimer: ReturnType<typeof setTimeout> | undefined;
  private linting: AbortController | null = null;
  /** How often in a row the document could not be checked. */
  private unchecked = 0;
  private number = 0;
  /** Whether the browser had room for what is not saved. */
  isKept = true;
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
      notes: NOTHING,
      open: null,
      renaming: null,
      problems: [],
      judged: document,
      checking: true,
      isUnchecked: true,
      saving: { is: "saved" },
      view: "canvas",
      notice: null,
      left: [],
      leaving: null,
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
      keep: (document: CampaignDocument, ground: Ground) => {
        this.isKept = this.keeper.keep(document, ground);
        if (!this.isKept) this.notify(t.storageFull, "bad");
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
    this.edit(next, null, { selected: new Set([activity.id]), arrows: NOTHING, notes: NOTHING, open: activity.id });
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
    if (!this.mayEdit) return;
    this.edit(disconnected(this.document, keys));
    this.notify(t.removedArrow);
  }

  remove(ids: ReadonlySet<string>, notes: ReadonlySet<string> = NOTHING): void {
    if (!this.mayEdit || ids.size + notes.size === 0) return;
    this.edit(withoutNotes(removed(this.document, this.state.known, ids), notes));
    this.notify(ids.size > 0 ? t.removedSome(ids.size) : t.removedNotes(notes.size));
  }

  removeSelected = (): void => {
    const { selected, notes } = this.state;
    if (selected.size + notes.size > 0) this.remove(selected, notes);
    else if (this.state.arrows.size > 0) this.disconnect(this.state.arrows);
  };

  /** Activities by their ids and notes by their keys. */
  move(places: { readonly [key: string]: Place }): void {
    this.edit(this.placed(places), "move");
  }

  private placed(places: { readonly [key: string]: Place }): CampaignDocument {
    const boxes = Object.fromEntries(Object.entries(places).filter(([key]) => !isNoteKey(key)));
    return notesMoved(moved(this.pinned(), boxes), places);
  }

  // --- notes ---
  /** Where the canvas looks, as long as there is one. */
  sight: (() => Place) | null = null;

  addNote = (): void => {
    if (!this.mayEdit || !this.hasRoomForNotes(1)) return;
    const key = noteKey(newNoteId(this.document));
    const at = this.sight?.() ?? freePlace(this.places(), this.heightOf, USUAL_SIZE[1]);
    const goal = { id: key, path: "", number: ++this.number };
    this.edit(noted(this.document, key, { text: "", at }), null, { ...only(key), renaming: key, goal });
    this.notify(t.noteAdded);
  };

  /** Letter by letter, as one step. */
  writeNote(key: string, text: string): void {
    const note = noteOf(this.document, key);
    if (note) this.edit(noted(this.document, key, { ...note, text }), `note ${key}`);
  }

  /** A note that says nothing is none. */
  endNote(key: string): void {
    if (this.state.renaming === key) this.set({ renaming: null, history: settled(this.state.history) });
    if (noteOf(this.document, key)?.text.trim() === "") this.remove(NOTHING, new Set([key]));
  }

  sizeNote(key: string, size: Place): void {
    const note = noteOf(this.document, key);
    if (note) this.edit(noted(this.document, key, { ...note, size }));
  }

  private hasRoomForNotes(count: number): boolean {
    if (Object.keys(notesOf(this.document)).length + count <= MOST_NOTES) return true;
    this.notify(t.tooManyNotes(MOST_NOTES), "bad");
    return false;
  }

  /** Whether enough is selected for it. */
  canAlign(alignment: Alignment): boolean {
    return this.mayEdit && this.state.selected.size + this.state.notes.size >= leastFor(alignment);
  }

  align(alignment: Alignment): void {
    if (!this.canAlign(alignment)) return;
    const areas = this.areas();
    this.edit(this.placed(aligned(areas, alignment)));
    this.notify(t.alignedSome(areas.size));
  }

  /** Where what is selected stands, and how large it is. */
  private areas(): ReadonlyMap<string, Area> {
    const [places, heightOf] = [this.places(), this.heightOf];
    const boxes = [...this.state.selected].map((id): [string, Area] => {
      const [x, y] = own(places, id) ?? [0, 0];
      return [id, { x, y, width: WIDTH, height: heightOf(id) }];
    });
    const papers = [...this.state.notes].flatMap((key): [string, Area][] => {
      const note = noteOf(this.document, key);
      if (!note) return [];
      const [[x, y], [width, height]] = [note.at, sizeOf(note)];
      return [[key, { x, y, width, height }]];
    });
    return new Map([...boxes, ...papers]);
  }

  arrange = (): void => {
    this.edit(moved(this.document, laidOut(this.document, this.heightOf)));
    this.notify(t.arranged);
  };

  /** An activity by its id, or a transition by its key. */
  rename(key: string, label: string): void {
    const words = label.trim().slice(0, LONGEST_LABEL);
    const isActivity = activityOf(this.document, key) !== undefined;
    this.edit(isActivity ? renamed(this.document, key, words) : labelled(this.document, key, words), null, { renaming: null });
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
    const { selected, notes } = this.state;
    if (selected.size + notes.size === 0) return null;
    this.notify(selected.size > 0 ? t.copied(selected.size) : t.copiedNotes(notes.size));
    return asText(cutting(this.pinned(), new Set([...selected, ...notes])));
  }

  paste(text: string, shift: Place = [40, 40]): void {
    if (!this.mayEdit) return;
    const cut = fromText(text);
    if (!cut) {
      this.notify(t.pasteForeign, "bad");
      return;
    }
    if (!this.hasRoomFor(cut.activities.length) || !this.hasRoomForNotes(Object.keys(cut.notes ?? {}).length)) return;
    const { document, ids, notes } = pasted(this.pinned(), this.state.known, cut, shift);
    this.edit(document, null, { selected: new Set(ids), arrows: NOTHING, notes: new Set(notes), open: null });
    this.notify(ids.length > 0 ? t.pastedSome(ids.length) : t.pastedNotes(notes.length));
  }

  private hasRoomFor(count: number): boolean {
    if (activitiesOf(this.document).length + count <= MOST_ACTIVITIES) return true;
    this.notify(t.pasteTooMany(MOST_ACTIVITIES), "bad");
    return false;
  }

  // --- looking ---
  select(ids: Iterable<string>, arrows: Iterable<string> = [], notes: Iterable<string> = []): void {
    const next = { selected: new Set(ids), arrows: new Set(arrows), notes: new Set(notes) };
    const { selected, arrows: chosen, notes: papers } = this.state;
    if (sameSet(next.selected, selected) && sameSet(next.arrows, chosen) && sameSet(next.notes, papers)) return;
    this.set({ ...next, history: settled(this.state.history) });
  }

  /** Selects what these keys name, as boxes, arrows and rows have them; what names nothing is left out. */
  choose(keys: Iterable<string>): void {
    const wanted = new Set(keys);
    const activities = activitiesOf(this.document).map(({ id }) => id);
    const arrows = transitionsOf(this.document).map(keyOf);
    const notes = noteKeys(this.document).filter((key) => wanted.has(key));
    this.select(activities.filter((id) => wanted.has(id)), arrows.filter((key) => wanted.has(key)), notes);
  }

  get chosen(): ReadonlySet<string> {
    return new Set([...this.state.selected, ...this.state.arrows, ...this.state.notes]);
  }

  /** What has the focus is what keys act on: alone, unless it is selected together with others. */
  aim(key: string): void {
    if (!this.chosen.has(key)) this.choose([key]);
  }

  selectAll = (): void => this.choose([...activitiesOf(this.document).map(({ id }) => id), ...noteKeys(this.document)]);

  openDrawer(id: string | null): void {
    const open = id !== null && activityOf(this.document, id) ? id : null;
    this.set({ open, history: settled(this.state.history), ...(open ? { selected: new Set([open]), notes: NOTHING } : {}) });
  }

  startRenaming(id: string | null): void {
    if (this.mayEdit) this.set({ renaming: id });
  }

  /** An activity by its id, whose settings are opened, or a note by its key. */
  goTo(id: string, path = ""): void {
    const goal = { id, path, number: ++this.number };
    if (isNoteKey(id)) this.set({ ...only(id), goal });
    else this.set({ selected: new Set([id]), arrows: NOTHING, notes: NOTHING, open: id, goal });
  }

  /** Opens the activity that an address names; one that is not there is told, and what is open stays. */
  follow(hash: string): void {
    const id = linkedActivity(hash);
    if (id === "" || id === this.state.open) return;
    if (activityOf(this.document, id)) this.goTo(id);
    else this.notify(t.notInCampaign(id), "bad");
  }

  show(view: View): void {
    this.set({ view });
  }

  // --- the server ---
  flush = (): Promise<boolean> => this.saver.flush();

  /** Somebody is back, or the network is. */
  resume = (): void => {
    void this.flush();
    if (this.state.isUnchecked) this.lintSoon(0);
  };

  /** Which draft the server has, as far as is known here. */
  get draftTag(): string {
    return this.saver.tag;
  }

  /** Whether everything is saved; if not, the person is asked. */
  async mayLeaveFor(href: string): Promise<boolean> {
    const isSaved = await this.flush();
    if (!isSaved) this.set({ leaving: href });
    return isSaved;
  }

  stay = (): void => this.set({ leaving: null });

  /** What this tab could not save on an earlier visit comes back; else what a tab that is gone left last. */
  recover(own: Left | null, others: readonly Left[]): void {
    const left = [...(own ? [own] : []), ...others].filter((each) => this.isUnsaved(each));
    const [first, ...rest] = left;
    if (!first) return;
    this.set({ left: this.mayEdit ? rest : left });
    if (this.mayEdit) this.goOnWith(first);
  }

  private isUnsaved({ key, kept }: Left): boolean {
    const isUnsaved = canonicalText(kept.document) !== canonicalText(this.document);
    if (!isUnsaved) this.keeper.discard(key);
    return isUnsaved;
  }

  private goOnWith({ key, kept }: Left): void {
    this.saver.startedFrom(kept, kept.document);
    this.edit(tidied(kept.document));
    if (key !== this.keeper.key && this.isKept) this.keeper.discard(key);
    this.notify(t.recovered);
  }

  /** What a tab that is gone could not save: it begins with another draft, so what is here is saved first. */
  async bringBack(left: Left): Promise<void> {
    if (!(await this.flush())) {
      this.notify(t.leftWaits, "bad");
      return;
    }
    this.set({ left: this.state.left.filter((each) => each !== left) });
    if (this.isUnsaved(left)) this.goOnWith(left);
  }

  discard(left: Left): void {
    this.keeper.discard(left.key);
    this.set({ left: this.state.left.filter((each) => each !== left) });
  }

  /** What both changed, seen from the draft both began with. */
  collisions(): Comparison[] {
    const { saving } = this.state;
    return saving.is === "conflict" ? this.saver.collisions(saving.theirs) : [];
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
      this.set({ problems: worded(problems, document, this.state.known), judged: document, known: { ...this.state.known, ports } });
      this.checked();
    } catch (error) {
      if (!own.signal.aborted) this.notChecked(error, document);
    }
  }

  private checked(): void {
    this.unchecked = 0;
    this.set({ checking: false, isUnchecked: false });
  }

  /** A document that cannot be read has its problems too; whatever else keeps it from being checked says nothing of it. */
  private notChecked(error: unknown, document: CampaignDocument): void {
    const found = problemsIn(error);
    if (found.length > 0) {
      this.set({ problems: found, judged: document });
      this.checked();
      return;
    }
    this.set({ checking: false, isUnchecked: true });
    const { again } = troubleOf(error, backOff(this.unchecked++), Date.now());
    if (again !== null) this.lintSoon(again - Date.now());
  }
}

const problemsIn = (error: unknown): readonly Problem[] =>
  error instanceof Refused && (error.status === 400 || error.status === 422) ? (error.details.problems ?? []) : [];

function stillThere(state: State, document: CampaignDocument): Partial<State> {
  const known = new Set(activitiesOf(document).map(({ id }) => id));
  const papers = new Set(noteKeys(document));
  return {
    notes: new Set([...state.notes].filter((key) => papers.has(key))),
    selected: new Set([...state.selected].filter((id) => known.has(id))),
    arrows: NOTHING,
    open: state.open !== null && known.has(state.open) ? state.open : null,
  };
}

/** This note is selected, and nothing else is looked at. */
const only = (key: string): Partial<State> => ({ selected: NOTHING, arrows: NOTHING, notes: new Set([key]), open: null });

const sameSet = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  left.size === right.size && [...left].every((each) => right.has(each));
