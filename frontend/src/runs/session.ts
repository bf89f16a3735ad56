// One run while somebody watches it: its counts, the document it obeys, what people did with its messages.
import type { Client } from "../api/client";
import type { Definition, Line, Run } from "./api";
import { askDefinition, askRates, askRun, clock } from "./api";
import { isMoving, isOver, pauseOf } from "./moving";
import { Pace } from "./pace";
import { sendsOf } from "./sends";
import { Watch } from "./watch";

const RATES_WHILE_SENDING = 5_000;
const RATES_AFTERWARDS = 20_000;

export class Session {
  readonly paces = new Map<number, Pace>();
  readonly run: Watch<Run>;
  readonly definition: Watch<Definition>;
  readonly rates: Watch<readonly Line[]>;

  constructor(client: Client, slug: string, id: number) {
    this.run = new Watch<Run>({
      ask: async (etag, signal) => {
        const answer = await askRun(client, id, etag, signal);
        this.measure(answer?.value ?? this.run.snapshot().value);
        return answer;
      },
      pause: (run) => pauseOf(run, Date.now() + clock.ahead),
    });
    this.definition = new Watch<Definition>({
      ask: async () => ({ value: await askDefinition(client, id), etag: "" }),
      pause: () => null,
    });
    this.rates = new Watch<readonly Line[]>({
      ask: (_etag, signal) => askRates(client, slug, id, signal),
      pause: () => (this.isSending() ? RATES_WHILE_SENDING : RATES_AFTERWARDS),
    });
  }

  /** Until what it answers is called. */
  begin(page: Document): () => void {
    const watches = [this.run, this.definition, this.rates];
    const see = () => watches.forEach((watch) => watch.hide(page.visibilityState === "hidden"));
    const back = () => watches.forEach((watch) => watch.now());
    const unsubscribe = this.run.subscribe(this.mayHaveRates);
    this.run.start(page.visibilityState === "hidden");
    this.definition.start(page.visibilityState === "hidden");
    page.addEventListener("visibilitychange", see);
    window.addEventListener("online", back);
    return () => {
      unsubscribe();
      page.removeEventListener("visibilitychange", see);
      window.removeEventListener("online", back);
      watches.forEach((watch) => watch.stop());
    };
  }

  private areRatesAsked = false;

  /** Only what has really been sent can be opened. */
  private mayHaveRates = (): void => {
    const run = this.run.snapshot().value;
    if (this.areRatesAsked || run?.kind !== "live" || !run.deliveries.some(({ messages }) => (messages["sent"] ?? 0) > 0)) return;
    this.areRatesAsked = true;
    this.rates.start(document.visibilityState === "hidden");
  };

  private isSending(): boolean {
    const run = this.run.snapshot().value;
    return run !== null && !isOver(run) && isMoving(run);
  }

  private measure(run: Run | null): void {
    for (const delivery of run?.deliveries ?? []) {
      const pace = this.paces.get(delivery.id) ?? new Pace();
      this.paces.set(delivery.id, pace);
      const { total, remaining } = sendsOf(delivery);
      if (delivery.state === "sending") pace.add(Date.now(), total - remaining);
    }
  }
}
