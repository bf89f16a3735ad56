import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Stage, Staged } from "./stage";
import type { Seen, Watch } from "./watch";
import { clock } from "./api";

export const StageContext = createContext<Stage | null>(null);

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error("no stage above this component");
  return stage;
}

export function useStaged(): Staged {
  const stage = useStage();
  return useSyncExternalStore(stage.subscribe, stage.snapshot);
}

export const useSeen = <T>(watch: Watch<T>): Seen<T> => useSyncExternalStore(watch.subscribe, watch.snapshot);

/** The server's time, each second as long as something moves. */
export function useNow(isMoving: boolean): number {
  const [now, setNow] = useState(() => Date.now() + clock.ahead);
  useEffect(() => {
    setNow(Date.now() + clock.ahead);
    if (!isMoving) return undefined;
    const timer = setInterval(() => setNow(Date.now() + clock.ahead), 1_000);
    return () => clearInterval(timer);
  }, [isMoving]);
  return now;
}

interface Loaded<T> {
  readonly value: T | null;
  readonly hasFailed: boolean;
}

/** What is asked once, and anew when `mark` changes; what was known stays until then. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, mark: string): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: null, hasFailed: false });
  useEffect(() => {
    const own = new AbortController();
    load(own.signal).then(
      (value) => !own.signal.aborted && setLoaded({ value, hasFailed: false }),
      () => !own.signal.aborted && setLoaded((before) => ({ ...before, hasFailed: true })),
    );
    return () => own.abort();
    // `load` is a new function each time; `mark` says what it asks for.
  }, [mark]);
  return loaded;
}
