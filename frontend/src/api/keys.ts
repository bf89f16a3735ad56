// Keys of acts and questions, and which act may be sent again under the one it had.
import { isOtherUser, isSignedOut, Refused } from "./client";

/** An id that nobody else has, also on a page that came over plain http, where there is no `crypto.randomUUID`. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Of each act that was sent and not answered the key. An act is what is done and all that it is done to. */
export class Keys {
  private readonly kept = new Map<string, string>();

  of(act: string): string {
    const key = this.kept.get(act) ?? newKey();
    this.kept.set(act, key);
    return key;
  }

  settle(act: string): void {
    this.kept.delete(act);
  }
}

/** Whether the server has said what becomes of the act: it has not where it did not look at it, or is still at work on it. */
export const isDecided = (error: unknown): boolean =>
  error instanceof Refused &&
  error.status !== 429 &&
  error.details.code !== "idempotency_in_progress" &&
  !isSignedOut(error) &&
  !isOtherUser(error);
