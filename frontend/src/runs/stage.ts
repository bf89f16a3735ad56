// What is on the stage: the draft, or one run and what somebody looks at in it; which question is asked; what is under way.
import type { Client, Problem } from "../api/client";
import { Refused } from "../api/client";
import { isDecided, Keys } from "../api/keys";
import type { Store, View } from "../store";
import type { Act, Run, RunDelivery, Standing } from "./api";
import { actOn, askRuns, askStanding, confirmSend, restartTest, settleUnknown, startTest } from "./api";
import { r } from "./messages";
import { shown } from "./words";

export type Opened =
  | { readonly is: "activity"; readonly id: string }
  | { readonly is: "way"; readonly from: string; readonly port: string; readonly to: string };

export type Question =
  | { readonly is: "history" }
  | { readonly is: "publish" }
  | { readonly is: "open_test"; readonly open: number | null; readonly realWaits: boolean }
  | { readonly is: "blocked"; readonly problems: readonly Problem[] }
  | { readonly is: "act"; readonly act: Act }
  | { readonly is: "confirm"; readonly delivery: number }
  | { readonly is: "settle"; readonly delivery: number }
  | { readonly is: "move"; readonly act: string };

export interface Staged {
  readonly run: number | null;
  readonly open: Opened | null;
  readonly view: View;
  readonly question: Question | null;
  readonly standing: Standing | null;
  /** What somebody has begun and the server has not answered yet. */
  readonly acting: string | null;
  /** Why the last act was not done. */
  readonly refused: string;
}

export interface Screen {
  readonly isNarrow: boolean;
  readonly search: string;
  go(search: string): void;
}

/** The key of an act on what it is about: where that has changed, it is another act. */
type KeyOf = (about: string) => string;

export class Stage {
  private readonly listeners = new Set<() => void>();
  private readonly keys = new Keys();
  private readonly client: Client;
  private readonly slug: string;
  /** Set by whoever watches the run that is shown. */
  refresh: () => void = () => undefined;
  state: Staged;

  constructor(
    readonly store: Store,
    private readonly screen: Screen,
  ) {
    this.client = store.client;
    this.slug = store.told.slug;
    this.state = {
      run: runIn(screen.search),
      open: null,
      view: screen.isNarrow ? "outline" : "canvas",
      question: null,
      standing: null,
      acting: null,
      refused: "",
    };
    void this.stand();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Staged => this.state;

  private set(parts: Partial<Staged>): void {
    this.state = { ...this.state, ...parts };
    this.listeners.forEach((listener) => listener());
  }

  // --- what is shown ---
  watch(run: number): void {
    this.set({ run, open: null, question: null, refused: "" });
    this.screen.go(`?run=${run}`);
  }

  leave = (): void => {
    this.set({ run: null, open: null, question: null, refused: "" });
    this.screen.go("");
  };

  /** Somebody went back or forth in the browser. */
  follow(search: string): void {
    this.set({ run: runIn(search), open: null, question: null, refused: "" });
  }

  show(view: View): void {
    this.set({ view });
  }

  open(open: Opened | null): void {
    this.set({ open });
  }

  ask(question: Question | null): void {
    this.set({ question, refused: "" });
  }

  /** Out of a run and to the activity of the draft that is to be mended. */
  mend(activity: string, path = ""): void {
    if (this.state.run !== null) this.leave();
    this.ask(null);
    if (activity) this.store.goTo(activity, path);
  }

  stand = async (): Promise<void> => {
    const standing = await askStanding(this.client, this.slug).catch(() => this.state.standing);
    this.set({ standing });
  };

  // --- what is done ---
  /** Once, however often it is clicked; where no answer came it is sent again under the same key, if it is about the same. */
  private async perform(name: string, act: (keyOf: KeyOf) => Promise<void>): Promise<boolean> {
    if (this.state.acting !== null) return false;
    let used = name;
    this.set({ acting: name, refused: "" });
    try {
      await act((about) => this.keys.of((used = `${name} ${about}`)));
      this.keys.settle(used);
      return true;
    } catch (error) {
      if (isDecided(error)) this.keys.settle(used);
      this.set({ refused: reasonOf(error) });
      return false;
    } finally {
      this.set({ acting: null });
      this.refresh();
    }
  }

  private tell(words: string): void {
    this.set({ question: null });
    this.store.notify(words);
  }

  test = (realWaits = false): Promise<boolean> =>
    this.perform("test", (keyOf) => this.begin(realWaits, (about) => startTest(this.client, this.slug, realWaits, keyOf(about))));

  /** Stops the test where it is still open, and tests the draft as it is now. */
  restart = (run: number, realWaits: boolean): Promise<boolean> =>
    this.perform(`restart ${run}`, (keyOf) =>
      this.begin(realWaits, (about) => restartTest(this.client, run, realWaits, keyOf(about))),
    );

  /** The draft as it is seen here is what is tested: it is saved first, and what is wrong with it keeps it back. */
  private async begin(realWaits: boolean, start: (about: string) => Promise<Run>): Promise<void> {
    if (!(await this.store.flush())) throw new Error(r.notSaved);
    const { problems } = (await this.client.json(`campaigns/${this.slug}/lint/`)) as { problems: Problem[] };
    const errors = problems.filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
      this.set({ question: { is: "blocked", problems: errors } });
      return;
    }
    try {
      const run = await start(`${this.store.draftTag} ${realWaits}`);
      this.watch(run.id);
      this.store.notify(r.testBegun);
    } catch (error) {
      if (!isOpenTest(error)) throw error;
      this.set({ question: { is: "open_test", open: await this.openTest(), realWaits } });
    }
  }

  watchOpenTest(): void {
    const { question } = this.state;
    if (question?.is === "open_test" && question.open !== null) this.watch(question.open);
    else this.ask(null);
  }

  stopAndTest = async (): Promise<void> => {
    const { question } = this.state;
    if (question?.is !== "open_test") return;
    const { open, realWaits } = question;
    await (open === null ? this.test(realWaits) : this.restart(open, realWaits));
  };

  private async openTest(): Promise<number | null> {
    const { rows } = await askRuns(this.client, this.slug, "&kind=test&state=running&state=paused&state=failed&page_size=1");
    return rows[0]?.id ?? null;
  }

  act(run: Run, act: Act, activity = ""): Promise<boolean> {
    return this.perform(`${act} ${run.id}`, async (keyOf) => {
      await actOn(this.client, run.id, act, activity, keyOf(`${activity} ${standOf(run)}`));
      this.tell(r.done[act] ?? act);
    });
  }

  confirm(delivery: RunDelivery): Promise<boolean> {
    return this.perform(`confirm ${delivery.id}`, async (keyOf) => {
      this.tell(r.confirmed(shown(await confirmSend(this.client, delivery.id, keyOf("")))));
    });
  }

  settle(delivery: RunDelivery, state: string, note: string): Promise<boolean> {
    return this.perform(`settle ${delivery.id}`, async (keyOf) => {
      this.tell(r.settled(shown(await settleUnknown(this.client, delivery.id, state, note, keyOf(`${JSON.stringify(delivery.messages)} ${state} ${note}`)))));
    });
  }

  /** Takes the campaign from one state to another. */
  move(act: string, words: string): Promise<boolean> {
    const { standing } = this.state;
    return this.perform(`move ${act}`, async (keyOf) => {
      const once = keyOf(`${standing?.state} ${standing?.published?.number}`);
      await this.client.json(`campaigns/${this.slug}/${act}/`, { method: "POST", once });
      this.tell(words);
      await this.stand();
    });
  }
}

export function runIn(search: string): number | null {
  const number = Number(new URLSearchParams(search).get("run") ?? "");
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

/** What an act finds: the run in a state since then, and who waits in it. */
const standOf = (run: Run): string =>
  [run.state_changed_at, ...run.activities.map(({ state, due_at, attempts }) => `${state} ${due_at} ${attempts}`)].join(" ");

const isOpenTest = (error: unknown): boolean =>
  error instanceof Refused && (error.details.problems ?? []).some(({ code }) => code === "run.test_open");

/** What the server says, with the remedy it names. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) {
    const remedies = (error.details.problems ?? []).map(({ remedy }) => remedy);
    return [error.message, ...new Set(remedies)].filter(Boolean).join(" ");
  }
  return error instanceof Error && error.constructor === Error ? error.message : r.unsure;
}
