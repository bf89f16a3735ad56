import { useId, useRef, useState } from "react";
import { Icon } from "./Icon";

export interface Entry {
  /** Unlike that of any other entry. */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly icon: string;
  readonly group: string;
  readonly tone?: string;
}

/** Those that have every word in their name come before those that only mention it. */
export function matching<E extends Entry>(entries: readonly E[], words: string): E[] {
  const wanted = words.toLowerCase().split(/[\s→]+/).filter(Boolean);
  if (wanted.length === 0) return [...entries];
  const has = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const named = entries.filter(({ label }) => has(label));
  const others = entries.filter((each) => !named.includes(each) && has(`${each.label} ${each.detail} ${each.group} ${each.key}`));
  return [...named, ...others];
}

interface Props<E extends Entry> {
  readonly title: string;
  readonly hint: string;
  readonly words: string;
  readonly onWords: (words: string) => void;
  /** What the words find, in the order it is shown. */
  readonly found: readonly E[];
  readonly isGrouped: boolean;
  readonly isBusy?: boolean;
  readonly empty: string;
  /** What is found, for whoever cannot see it. */
  readonly status?: string;
  readonly onChoose: (entry: E) => void;
}

const PAGE = 8;

/** A list to search by typing and to choose from by arrow keys, Enter or a click. */
export function SearchList<E extends Entry>({ title, hint, words, onWords, found, isGrouped, isBusy = false, empty, status, onChoose }: Props<E>) {
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  const move = (next: number) => {
    const place = Math.max(0, Math.min(found.length - 1, next));
    setAt(place);
    list.current?.querySelectorAll("[role=option]")[place]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = STEPS[event.key];
    const chosen = found[at];
    if (step !== undefined) move(at + step);
    else if (event.key === "Enter" && chosen) onChoose(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="cv-search">
        <Icon name="search" />
        <input
          autoFocus
          type="text"
          role="combobox"
          autoComplete="off"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
          aria-label={hint}
          placeholder={hint}
          value={words}
          onChange={(event) => {
            onWords(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p className="cv-hidden" role="status">
        {status}
      </p>
      <div className="cv-options" role="listbox" id={`${id}-list`} aria-label={title} ref={list} aria-busy={isBusy}>
        {found.length === 0 && <p className="cv-quiet cv-pad">{empty}</p>}
        {found.map((entry, number) => (
          <div key={entry.key} role="presentation">
            {isGrouped && entry.group && entry.group !== found[number - 1]?.group && (
              <p className="cv-group" role="presentation">
                {entry.group}
              </p>
            )}
            <div
              role="option"
              id={`${id}-${number}`}
              aria-selected={number === at}
              className="cv-option"
              onPointerMove={() => setAt(number)}
              onClick={() => onChoose(entry)}
            >
              <span className={`cv-glyph tone-${entry.tone ?? ""}`}>
                <Icon name={entry.icon} />
              </span>
              <span className="cv-option-words">
                <strong>{entry.label}</strong>
                {entry.detail && <small>{entry.detail}</small>}
              </span>
            </div>
          </div>
        ))}
      </div>
    </>
  );
}

const STEPS: { readonly [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
