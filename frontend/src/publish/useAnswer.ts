import { useCallback, useEffect, useState } from "react";

/** `undefined` until it is known. */
export interface Answered<T> {
  readonly value: T | undefined;
  readonly hasFailed: boolean;
  readonly again: () => void;
}

/** What is asked when it is first shown, and again when somebody wants it. */
export function useAnswer<T>(ask: () => Promise<T>): Answered<T> {
  const [value, setValue] = useState<T | undefined>(undefined);
  const [hasFailed, setFailed] = useState(false);
  const [first] = useState(() => ask);
  const again = useCallback(() => {
    setFailed(false);
    first().then(setValue, () => setFailed(true));
  }, [first]);
  useEffect(again, [again]);
  return { value, hasFailed, again };
}
