import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { Problem } from "../api/client";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { judgedExpression } from "./api";
import type { Suggestion } from "./completion";
import { atFault, completed, suggested, wordAt } from "./completion";
import { useDesk } from "./desk";
import { t } from "./messages";
import { writeJson } from "../model/json";

interface Props {
  readonly about: About;
  readonly label: string;
  readonly value: string;
  readonly place: string;
  readonly onTyped: (expression: string) => void;
  readonly onType?: (type: string | null) => void;
  readonly onLeave: () => void;
}

const PAUSE = 350;

/** An expression with completion of functions and attributes, and its fault underlined where it is. */
export function ExpressionInput({ about, label, value, onTyped, onType, onLeave }: Props) {
  const { isOff } = useDesk();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [at, setAt] = useState(0);
  const { type, problem } = useJudged(about, value, onType);
  const all = useSuggestions(about);
  const word = cursor === null ? null : wordAt(value, cursor);
  const offers = word ? suggested(all, word.word).filter(({ text }) => text !== word.word) : [];

  const take = (suggestion: Suggestion) => {
    const next = completed(value, cursor ?? value.length, suggestion);
    onTyped(next.text);
    setCursor(null);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.cursor, next.cursor);
    });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const chosen = offers[at];
    if (event.nativeEvent.isComposing || !chosen || event.altKey) return;
    if (event.key === "ArrowDown") setAt((at + 1) % offers.length);
    else if (event.key === "ArrowUp") setAt((at - 1 + offers.length) % offers.length);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") setCursor(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const [before, wrong, behind] = problem?.position === undefined ? [value, "", ""] : atFault(value, problem.position);

  return (
    <div className="rb-expression">
      <div className="rb-expression-field">
        <div className="rb-expression-mirror" aria-hidden="true">
          {before}
          {problem?.position !== undefined && <mark>{wrong || " "}</mark>}
          {behind}
          {"\n"}
        </div>
        <textarea
          ref={area}
          rows={1}
          spellCheck={false}
          role="combobox"
          aria-label={`${label}: ${t.expression}`}
          aria-autocomplete="list"
          aria-expanded={offers.length > 0}
          aria-controls={`${id}-offers`}
          aria-activedescendant={offers[at] ? `${id}-${at}` : undefined}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-told`}
          placeholder={t.expressionHint}
          disabled={isOff}
          maxLength={5000}
          value={value}
          onChange={(event) => {
            setCursor(event.target.selectionStart);
            setAt(0);
            onTyped(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setCursor(null)}
        />
        {offers.length > 0 && (
          <ul className="rb-completion" role="listbox" id={`${id}-offers`} aria-label={t.completion}>
            {offers.map((offer, number) => (
              <li
                key={offer.text}
                id={`${id}-${number}`}
                role="option"
                aria-selected={number === at}
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(offer);
                }}
              >
                <Icon name={offer.isFunction ? "function" : "label"} />
                <span>
                  <strong>{offer.text}</strong>
                  <small>{offer.detail}</small>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {!isOff && (
        <button type="button" className="cv-icon-button small" aria-label={t.leaveExpression} title={t.leaveExpression} onClick={onLeave}>
          <Icon name="close" />
        </button>
      )}
      <p className={problem ? "rb-fault" : "cv-quiet rb-gives"} id={`${id}-told`} role="status" data-position={problem?.position}>
        {problem ? told(problem) : type && t.gives(t.types[type] ?? type)}
      </p>
    </div>
  );
}

/** The server names the line and the column; here the place is marked, and told by one number. */
const told = ({ message, remedy, position }: Problem): string =>
  position === undefined ? `${message} ${remedy}` : `${t.atPlace(position + 1)} ${message.replace(/^\d+:\d+: /, "")} ${remedy}`;

function useJudged(about: About, value: string, onType: Props["onType"]) {
  const { client, askedOf } = useDesk();
  const [judged, setJudged] = useState<{ type: string | null; problem: Problem | null }>({ type: null, problem: null });
  const tell = useRef(onType);
  tell.current = onType;
  const asked = askedOf(about);
  const key = writeJson([asked, value]);
  useEffect(() => {
    const own = new AbortController();
    if (value.trim() === "" || !asked.table) {
      setJudged({ type: null, problem: null });
      return undefined;
    }
    const timer = setTimeout(() => {
      judgedExpression(client, asked, value, own.signal).then(
        ({ type, problems }) => {
          setJudged({ type, problem: problems[0] ?? null });
          tell.current?.(type);
        },
        () => undefined,
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
    // The key holds all that is asked.
  }, [client, key]);
  return judged;
}

function useSuggestions(about: About): Suggestion[] {
  const { library } = useDesk();
  useEffect(() => library.openFunctions(), [library]);
  const known = library.table(about.table);
  const { functions } = library;
  return useMemo(
    () => [
      ...[...about.columns, ...(known?.attributes ?? [])].map(({ name, label, group, type }) => ({
        text: name,
        label,
        detail: [group, label, t.types[type] ?? type].filter(Boolean).join(" · "),
        isFunction: false,
      })),
      ...functions.map(({ name, signature, description }) => ({ text: name, label: "", detail: `${signature} – ${description}`, isFunction: true })),
    ],
    [about.columns, known, functions],
  );
}
