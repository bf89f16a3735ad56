import { createContext, useContext, useSyncExternalStore } from "react";
import type { State, Store } from "../store";

export const StoreContext = createContext<Store | null>(null);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error("no store above this component");
  return store;
}

export function useWatched(): State {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
