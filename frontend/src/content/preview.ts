// The preview of what is being written: asked a little after the last letter, one question at a time.
import { useEffect, useRef, useState } from "react";
import { Refused } from "../api/client";
import type { Problem } from "../api/client";
import { useStore } from "../ui/context";
import type { ShownEmail } from "./api";
import { preview } from "./api";
import type { Spot } from "./api";
import type { Written } from "./content";
import { writeJson } from "../model/json";

export interface Previewed {
  /** The last one that could be rendered. */
  readonly shown: ShownEmail | null;
  readonly problems: readonly Problem[];
  readonly isBusy: boolean;
  readonly isUnreachable: boolean;
}

const PAUSE = 400;
const AGAIN = 5000;

export function usePreview(spot: Spot, content: Written, recipient: string, isOn = true): Previewed {
  const { client } = useStore();
  const [state, setState] = useState<Previewed>({ shown: null, problems: [], isBusy: isOn, isUnreachable: false });
  const [attempt, setAttempt] = useState(0);
  const isFirst = useRef(true);
  const asked = isOn ? writeJson([content, recipient, attempt]) : "";

  useEffect(() => {
    const retry = () => setAttempt((last) => last + 1);
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, []);

  useEffect(() => {
    if (!isOn) return;
    const own = new AbortController();
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const { shown, problems } = await preview(client, spot, content, recipient, own.signal);
        setState((last) => ({ shown: shown ?? last.shown, problems, isBusy: false, isUnreachable: false }));
      } catch (error) {
        if (own.signal.aborted) return;
        const problems = error instanceof Refused ? (error.details.problems ?? []) : null;
        setState((last) => ({ ...last, problems: problems ?? last.problems, isBusy: false, isUnreachable: problems === null }));
        if (!problems) again = setTimeout(() => setAttempt((last) => last + 1), AGAIN);
      }
    };
    setState((last) => ({ ...last, isBusy: true }));
    const timer = setTimeout(() => void ask(), isFirst.current ? 0 : PAUSE);
    isFirst.current = false;
    return () => {
      clearTimeout(timer);
      clearTimeout(again);
      own.abort();
    };
    // What is asked is all in `asked`; the document around it matters only when it is asked again.
  }, [asked]);

  return state;
}
