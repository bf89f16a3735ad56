// A person's visit: a tab with its store, on a server in memory and a browser's storage.
import type { Choices, Client } from "../src/api/client";
import { Keeper } from "../src/saving/keeper";
import { Store } from "../src/store";
import type { Told } from "../src/told";
import { KNOWN } from "./drawings";
import { Memory } from "./memory";
import type { Server } from "./server";

interface Circumstances {
  readonly tab?: string;
  readonly mayEdit?: boolean;
  readonly open?: readonly string[];
}

const NO_CHOICES = { dimension: [], channel: [], audience: [] } as unknown as Choices;

export function visit(server: Server, shelf = new Memory(), { tab = "t", mayEdit = true, open = [] }: Circumstances = {}): Store {
  const told = { slug: "c", mayEdit, user: "1" } as Told;
  const client = {
    draft: () => server.draft(),
    save: (...sent: Parameters<Server["save"]>) => server.save(...sent),
    place: (...sent: Parameters<Server["place"]>) => server.place(...sent),
    lint: () => Promise.resolve({ problems: [], ports: {} }),
  } as unknown as Client;
  const keeper = new Keeper(shelf, "1", "c", tab);
  const store = new Store(told, client, keeper, { document: server.document, etag: server.etag }, [...KNOWN.kinds.values()], NO_CHOICES);
  store.recover(keeper.recovered(), keeper.left((key) => open.some((each) => key.endsWith(`:${each}`))));
  return store;
}

export const labels = ({ document }: { readonly document: Store["document"] }): string[] => (document.activities ?? []).map(({ label }) => label ?? "");
