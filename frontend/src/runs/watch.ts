// Asks the server again and again for something that changes by itself: often while it moves, seldom while it rests,
// not at all while nobody looks. Knows neither React nor what is asked for.
import { isOtherUser, isSignedOut, Refused, Unreachable } from "../api/client";

/** `null` is 304: what is known is still so. */
export type Answer<T> = { readonly value: T; readonly etag: string } | null;

export interface Asked<T> {
  ask(etag: string, signal: AbortSignal): Promise<Answer<T>>;
  /** Milliseconds until it is worth asking again; null once nothing will change any more. */
  pause(value: T): number | null;
}

export interface Trouble {
  readonly why: "offline" | "server" | "busy" | "signed_out" | "refused" | "gone";
  readonly message: string;
  /** When it is tried again, in milliseconds of the clock; null where only a person can help. */
  readonly again: number | null;
}

export interface Seen<T> {
  readonly value: T | null;
  /** When the server last said so. */
  readonly at: number;
  readonly trouble: Trouble | null;
  readonly isOver: boolean;
}

const BACK_OFF = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Milliseconds after so many failures in a row. */
export const backOff = (failures: number): number => BACK_OFF[Math.min(failures, BACK_OFF.length - 1)] ?? 30_000;

/** A person who signs in again does so in another tab. */
const SIGNING_IN = 15_000;
/** An answer that takes long is asked for less often: at most a third of the time goes into it. */
const SHARE = 2;

export class Watch<T> {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;
  private etag = "";
  private failures = 0;
  private isOn = false;
  private isHidden = false;
  private seen: Seen<T> = { value: null, at: 0, trouble: null, isOver: false };

  constructor(private readonly asked: Asked<T>) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Seen<T> => this.seen;

  start(isHidden = false): void {
    this.isOn = true;
    this.isHidden = isHidden;
    if (!isHidden) void this.ask();
  }

  stop(): void {
    this.isOn = false;
    this.rest();
  }

  /** The tab was hidden or shown: nothing is asked for whom nobody sees. */
  hide(isHidden: boolean): void {
    if (isHidden === this.isHidden) return;
    this.isHidden = isHidden;
    if (isHidden) this.rest();
    else if (this.isOn && !this.seen.isOver) void this.ask();
  }

  /** Something was done that changes it, or the network is back. */
  now = (): void => {
    if (!this.isOn || this.isHidden) return;
    this.rest();
    void this.ask();
  };

  private rest(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  private async ask(): Promise<void> {
    const own = new AbortController();
    this.asking = own;
    const began = Date.now();
    try {
      const answer = await this.asked.ask(this.etag, own.signal);
      if (!own.signal.aborted) this.answered(answer, Date.now() - began);
    } catch (error) {
      if (!own.signal.aborted) this.failed(error);
    }
  }

  private answered(answer: Answer<T>, took: number): void {
    this.asking = null;
    this.failures = 0;
    if (answer) this.etag = answer.etag;
    const value = answer ? answer.value : this.seen.value;
    const pause = value === null ? 0 : this.asked.pause(value);
    this.tell({ value, at: Date.now(), trouble: null, isOver: pause === null });
    if (pause !== null) this.later(Math.max(pause, SHARE * took));
  }

  private failed(error: unknown): void {
    this.asking = null;
    const wait = backOff(this.failures++);
    const trouble = troubleOf(error, wait, Date.now());
    this.tell({ ...this.seen, trouble });
    if (trouble.again !== null) this.later(trouble.again - Date.now());
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    if (this.isOn && !this.isHidden) this.timer = setTimeout(() => void this.ask(), milliseconds);
  }

  private tell(seen: Seen<T>): void {
    const isSame = seen.value === this.seen.value && seen.trouble === this.seen.trouble && seen.isOver === this.seen.isOver;
    this.seen = isSame ? this.seen : seen;
    if (!isSame) this.listeners.forEach((listener) => listener());
  }
}

export function troubleOf(error: unknown, wait: number, now: number): Trouble {
  if (error instanceof Refused) return refusal(error, wait, now);
  const isServer = error instanceof Unreachable && error.status > 0;
  return { why: isServer ? "server" : "offline", message: isServer ? String(error.status) : "", again: now + wait };
}

function refusal(error: Refused, wait: number, now: number): Trouble {
  const { status, message, waitSeconds } = error;
  if (isSignedOut(error)) return { why: "signed_out", message, again: now + SIGNING_IN };
  if (isOtherUser(error)) return { why: "refused", message, again: now + SIGNING_IN };
  if (status === 404) return { why: "gone", message, again: null };
  if (status === 429) return { why: "busy", message, again: now + Math.max(wait, waitSeconds * 1000) };
  return { why: "refused", message, again: null };
}
