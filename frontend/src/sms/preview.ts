// Asks for the preview once writing pauses, and at once for another person; what is shown stays until there is something newer.
import { useEffect, useRef, useState } from "react";
import { Refused, Unreachable } from "../api/client";
import type { Client, Problem } from "../api/client";
import type { ShownText, Spot } from "./api";
import { showText } from "./api";
import { writeJson } from "../model/json";

const PAUSE = 500;

export interface Previewed {
  readonly shown: ShownText | null;
  readonly problems: readonly Problem[];
  readonly isAway: boolean;
  readonly isBusy: boolean;
  readonly again: () => void;
}

export function usePreview(client: Client, spot: Spot, text: string, position: number): Previewed {
  const [state, setState] = useState<Omit<Previewed, "again">>({ shown: null, problems: [], isAway: false, isBusy: true });
  const [asked, setAsked] = useState(0);
  const around = writeJson(surroundings(spot));
  const last = useRef<string | null>(null);
  useEffect(() => {
    const isWriting = last.current !== null && last.current !== text;
    last.current = text;
    const own = new AbortController();
    setState((last) => ({ ...last, isBusy: true }));
    const timer = setTimeout(() => {
      showText(client, spot, text, position, own.signal).then(
        (shown) => setState({ shown, problems: [], isAway: false, isBusy: false }),
        (error: unknown) => own.signal.aborted || setState((last) => ({ ...last, ...failed(error), isBusy: false })),
      );
    }, isWriting ? PAUSE : 0);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
  }, [client, around, text, position, asked]);
  return { ...state, again: () => setAsked((last) => last + 1) };
}

/** The text itself is asked for as it is written: a draft in which only it has changed is no other one. */
function surroundings({ document, activity }: Spot): unknown {
  const { activities = [], ...others } = document as { activities?: readonly { id: string; config?: { content?: unknown } }[] };
  const bare = activities.map((each) => (each.id === activity ? { ...each, config: { ...each.config, content: null } } : each));
  return { ...others, layout: null, activities: bare };
}

function failed(error: unknown): Pick<Previewed, "problems" | "isAway"> {
  if (error instanceof Refused) return { problems: error.details.problems ?? [], isAway: false };
  if (error instanceof Unreachable) return { problems: [], isAway: true };
  throw error;
}
