// The messages of a delivery in a few numbers.
import type { RunDelivery } from "./api";

export interface Sends {
  readonly total: number;
  readonly sent: number;
  readonly unknown: number;
  readonly failed: number;
  readonly remaining: number;
  readonly excluded: number;
}

const OPEN = ["ready", "in_flight", "failed_temporary"] as const;

/** Those excluded are not to be sent; all others are sent, unknown, failed or remaining. */
export function sendsOf({ messages }: Pick<RunDelivery, "messages">): Sends {
  const of = (state: string): number => messages[state] ?? 0;
  const all = Object.values(messages).reduce((sum, number) => sum + number, 0);
  const remaining = OPEN.reduce((sum, state) => sum + of(state), 0);
  const [sent, unknown, excluded] = [of("sent"), of("unknown"), of("excluded")];
  const total = all - excluded;
  return { total, sent, unknown, excluded, remaining, failed: total - sent - unknown - remaining };
}

export const summed = (sends: readonly Sends[]): Sends =>
  sends.reduce(
    (sum, each) => ({
      total: sum.total + each.total,
      sent: sum.sent + each.sent,
      unknown: sum.unknown + each.unknown,
      failed: sum.failed + each.failed,
      remaining: sum.remaining + each.remaining,
      excluded: sum.excluded + each.excluded,
    }),
    { total: 0, sent: 0, unknown: 0, failed: 0, remaining: 0, excluded: 0 },
  );

/** What stopping would cancel: messages a sender has in hand still leave. */
export const unsentOf = (deliveries: readonly Pick<RunDelivery, "messages" | "state">[]): number =>
  deliveries
    .filter(({ state }) => state !== "tested")
    .reduce((sum, { messages }) => sum + (messages["ready"] ?? 0) + (messages["failed_temporary"] ?? 0), 0);
