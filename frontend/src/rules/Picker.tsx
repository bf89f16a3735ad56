import { useEffect, useMemo, useRef, useState } from "react";
import { SearchList, matching } from "../ui/SearchList";
import { Layer } from "./Layer";
import { t } from "./messages";
import type { Offer } from "./offers";

interface Props<T> {
  readonly title: string;
  readonly hint: string;
  readonly offers: readonly Offer<T>[];
  /** What the server finds by these words, beside what is listed already. */
  readonly more?: (words: string, signal: AbortSignal) => Promise<Offer<T>[]>;
  readonly onChoose: (offer: Offer<T>) => void;
  readonly onClose: () => void;
}

const PAUSE = 250;
const MOST = 300;

/** A long list to search by typing; what lies further away is found by the server. */
export function Picker<T>({ title, hint, offers, more, onChoose, onClose }: Props<T>) {
  const [words, setWords] = useState("");
  const [further, setFurther] = useState<readonly Offer<T>[]>([]);
  const isSearching = useFurther(words, more, setFurther);
  const found = useMemo(() => {
    const own = matching(offers, words);
    const known = new Set(own.map(({ detail, label }) => `${label} ${detail}`));
    return [...own, ...further.filter(({ detail, label }) => !known.has(`${label} ${detail}`))].slice(0, MOST);
  }, [offers, words, further]);

  return (
    <Layer title={title} onClose={onClose} className="cv-chooser rb-picker">
      <SearchList
        {...{ title, hint, words, found, onChoose }}
        onWords={setWords}
        isGrouped
        isBusy={isSearching}
        empty={isSearching ? t.searching : t.nothingFound}
        status={words && t.foundSome(found.length)}
      />
    </Layer>
  );
}

function useFurther<T>(words: string, more: Props<T>["more"], found: (offers: readonly Offer<T>[]) => void): boolean {
  const [isSearching, setSearching] = useState(false);
  const ask = useRef(more);
  ask.current = more;
  useEffect(() => {
    found([]);
    if (!ask.current || words.trim().length < 2) return undefined;
    const own = new AbortController();
    const timer = setTimeout(() => {
      setSearching(true);
      ask.current?.(words.trim(), own.signal).then(found, () => undefined).finally(() => setSearching(false));
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
  }, [words, found]);
  return isSearching;
}
