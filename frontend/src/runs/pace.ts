// How fast messages leave, and so how long the rest will take: from what was seen of late, without what came before.
const WINDOW = 30_000;
const LEAST = 3_000;

interface Sample {
  readonly at: number;
  readonly done: number;
}

export class Pace {
  private samples: Sample[] = [];

  /** So many are done by now. Fewer than before means that something else is counted. */
  add(at: number, done: number): void {
    const last = this.samples.at(-1);
    if (last && done < last.done) this.samples = [];
    if (last && at <= last.at) return;
    this.samples = [...this.samples.filter((sample) => at - sample.at <= WINDOW), { at, done }];
  }

  /** Messages a second; null as long as too little was seen to say. */
  rate(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.at - first.at < LEAST) return null;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }

  /** Milliseconds; null where nobody can say, as when nothing leaves. */
  timeLeft(remaining: number): number | null {
    const rate = this.rate();
    if (remaining <= 0) return 0;
    return rate === null || rate <= 0 ? null : (remaining / rate) * 1000;
  }
}
