// Questions that take the server a while, by the id they were asked with.
import type { Client } from "./client";

/** The server does not notice that nobody waits any more; it is told, and whether it hears of it changes nothing here. */
export function callOff(client: Client, question: string): void {
  client.ask(`rules/questions/${question}/`, { method: "DELETE" }).catch(() => undefined);
}
