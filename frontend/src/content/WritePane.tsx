import { useEffect, useRef, useState } from "react";
import { Chooser } from "../ui/Chooser";
import { Icon } from "../ui/Icon";
import { ProblemTexts } from "../drawer/Field";
import type { Hand } from "./CodeEditor";
import { CodeEditor } from "./CodeEditor";
import type { FieldName, Written } from "./content";
import { bodyIn, bytesOf, CLIPPED_AT, inKilobytes, isBody, starter, starterInMjml, textOf } from "./content";
import type { Found, Part } from "./ContentEditor";
import { c } from "./messages";
import type { Vocabulary } from "./names";
import type { Previewed } from "./preview";
import { ProblemList } from "./ProblemList";
import { condition, link, listOf, loop, personal, unsubscribe } from "./snippets";

interface Props {
  readonly content: Written;
  readonly isOff: boolean;
  readonly words: Vocabulary;
  readonly problems: Found;
  readonly part: Part;
  readonly hands: { readonly current: Map<FieldName, Hand> };
  readonly previewed: Previewed;
  readonly goTo: (field: FieldName, line: number) => void;
  readonly onPart: (part: Part) => void;
  readonly onChange: (field: FieldName, text: string) => void;
}

const LINES = ["subject", "preheader", "from_name"] as const;

export function WritePane({ content, isOff, words, problems, part, hands, previewed, goTo, onPart, onChange }: Props) {
  const body = bodyIn(content);
  const written = part === "message" ? body : "text";
  const [last, setLast] = useState<FieldName>(written);
  const [said, setSaid] = useState("");
  const isTabbing = useTabbing();
  const editor = (field: FieldName) => ({
    label: c.field[field],
    text: textOf(content, field),
    hint: c.hint[field],
    isOff,
    words,
    problems: problems[field],
    onChange: (text: string) => {
      setLast(field);
      onChange(field, text);
    },
    onFocus: () => isTabbing.current || setLast(field),
    hand: (hand: Hand | null) => {
      if (hand) hands.current.set(field, hand);
      else hands.current.delete(field);
    },
  });
  useEffect(() => setLast(written), [written]);
  const isBlank = textOf(content, body).trim() === "";
  const begin = (layout: typeof starter) => {
    onChange(body, layout({ greeting: c.greeting, unsubscribe: c.unsubscribeText }));
    // The button is gone then: the focus goes to what is written next.
    hands.current.get(textOf(content, "subject").trim() === "" ? "subject" : body)?.focus();
  };

  return (
    <section className="ct-write" aria-label={c.write}>
      <div className="ct-lines">
        {LINES.map((field) => (
          <div key={field} className={`ct-line ${problems[field].length > 0 ? "has-problem" : ""}`}>
            <span className="ct-label" aria-hidden="true">
              {c.field[field]}
            </span>
            <div>
              <CodeEditor {...editor(field)} kind="line" />
              <ProblemTexts problems={problems[field]} />
            </div>
          </div>
        ))}
      </div>
      <div className="ct-tools">
        <div className="cv-switch" role="group" aria-label={c.parts}>
          {(["message", "text"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={part === each} onClick={() => onPart(each)}>
              {each === "message" ? c.bodyTab[body] : c.textTab}
            </button>
          ))}
        </div>
        {!isOff && <Inserts words={words} isHtml={isBody(last)} isLine={!isBody(last) && last !== "text"} onInsert={(template) => hands.current.get(last)?.insert(template)} />}
      </div>
      {part === "text" && textOf(content, "text").trim() === "" && (
        <p className="ct-note">
          {c.derivedHelp}
          {!isOff && previewed.shown && (
            <button type="button" className="cv-button small" onClick={() => onChange("text", previewed.shown?.text_template ?? "")}>
              {c.takeDerived}
            </button>
          )}
        </p>
      )}
      {part === "message" && isBlank && !isOff && (
        <p className="ct-note">
          <button type="button" className="cv-button small" onClick={() => begin(starter)}>
            <Icon name="web" />
            {c.begin}
          </button>
          <button type="button" className="cv-button small" onClick={() => begin(starterInMjml)}>
            <Icon name="view_quilt" />
            {c.beginInMjml}
          </button>
        </p>
      )}
      <div className="ct-body">
        <CodeEditor key={part} {...editor(written)} kind={part === "message" ? "html" : "text"} onEscape={() => setSaid(c.leaveEditor)} />
      </div>
      <ProblemList problems={problems} goTo={goTo} />
      <footer className="ct-status">
        <Size bytes={previewed.shown?.bytes ?? bytesOf(textOf(content, body))} />
        <span className="cv-space" />
        <span className="ct-keys">{c.escapeHint}</span>
        <span className="cv-hidden" role="status">
          {said}
        </span>
      </footer>
    </section>
  );
}

/** On the way to the buttons the tabulator passes fields that nobody writes in. */
function useTabbing(): { readonly current: boolean } {
  const isTabbing = useRef(false);
  useEffect(() => {
    const note = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key === "Shift") return;
      isTabbing.current = event instanceof KeyboardEvent && event.key === "Tab";
    };
    const kinds = ["keydown", "pointerdown"] as const;
    kinds.forEach((kind) => window.addEventListener(kind, note, true));
    return () => kinds.forEach((kind) => window.removeEventListener(kind, note, true));
  }, []);
  return isTabbing;
}

function Size({ bytes }: { bytes: number }) {
  const tone = bytes > CLIPPED_AT ? "bad" : bytes > 0.8 * CLIPPED_AT ? "warn" : "";
  return (
    <span className={`ct-size ${tone}`} title={c.sizeHelp}>
      <span className="ct-gauge" aria-hidden="true">
        <span style={{ width: `${Math.min(100, (100 * bytes) / CLIPPED_AT)}%` }} />
      </span>
      {c.size(inKilobytes(bytes))}
    </span>
  );
}

interface InsertsProps {
  readonly words: Vocabulary;
  readonly isHtml: boolean;
  readonly isLine: boolean;
  readonly onInsert: (template: string) => void;
}

const ICONS = { person: "person", added: "playlist_add", campaign: "data_object", message: "mail" } as const;

function Inserts({ words, isHtml, isLine, onInsert }: InsertsProps) {
  const [isChoosing, setChoosing] = useState(false);
  const options = words.names.map(({ path, label, type, origin }) => ({
    key: path,
    label: label || (c.system[path] ?? path),
    detail: `{{ ${path} }} · ${type}`,
    icon: ICONS[origin],
    group: origin === "person" && words.people ? words.people : c.origin[origin],
    tone: origin === "added" ? "data" : origin === "campaign" ? "flow" : origin === "message" ? "channel" : "",
  }));
  const act = (icon: string, name: string, template: string) => (
    <button type="button" className="cv-button small" onClick={() => onInsert(template)}>
      <Icon name={icon} />
      {name}
    </button>
  );
  return (
    <div className="ct-inserts" role="group" aria-label={c.insert}>
      <button type="button" className="cv-button small" onClick={() => setChoosing(true)}>
        <Icon name="person_add" />
        {c.personalise}
      </button>
      {!isLine && act("link", c.link, link(isHtml))}
      {!isLine && act("unsubscribe", c.unsubscribe, unsubscribe(isHtml))}
      {act("alt_route", c.condition, isLine ? condition(words).replaceAll("\n", "") : condition(words))}
      {!isLine && listOf(words) && act("repeat", c.loop, loop(words))}
      {isChoosing && (
        <Chooser
          title={c.personaliseTitle}
          hint={c.personaliseHint}
          options={options}
          empty={c.personaliseNone}
          onChoose={(path) => {
            setChoosing(false);
            requestAnimationFrame(() => onInsert(personal(path)));
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}
