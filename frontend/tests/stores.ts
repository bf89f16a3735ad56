// Stores for tests: a draft with a server and a browser's storage in memory.
import type { Choices, Client, Problem } from "../src/api/client";
import type { CampaignDocument } from "../src/model/document";
import { Keeper } from "../src/saving/keeper";
import { Store } from "../src/store";
import type { Told } from "../src/told";
import { KNOWN } from "./drawings";
import { Memory } from "./memory";
import { Server } from "./server";

const NO_CHOICES = { dimension: [], channel: [], audience: [] } as unknown as Choices;

/** A server that finds no problems. */
class Quiet extends Server {
  lint = async (): Promise<{ problems: Problem[]; ports: Record<string, never> }> => Promise.resolve({ problems: [], ports: {} });
}

export function storeOf(document: CampaignDocument, mayEdit = true): Store {
  const server = new Quiet(document);
  const told = { slug: "c", mayEdit, user: "1" } as Told;
  const draft = { document, etag: server.etag };
  return new Store(told, server as unknown as Client, new Keeper(new Memory(), "1", "c", "tab"), draft, [...KNOWN.kinds.values()], NO_CHOICES);
}
