// The text of an SMS: what is written, what it costs, and how one real person gets it.
import { useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { DrawnProps } from "../drawer/Field";
import { ProblemTexts, useForm } from "../drawer/Field";
import { named } from "../drawer/compound";
import { text as wordsOf } from "../model/schema";
import { ProofPanel } from "../proofs/ProofPanel";
import { Chooser } from "../ui/Chooser";
import { useStore } from "../ui/context";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Counter } from "./Counter";
import { insertable, insertedAt } from "./inserting";
import { s } from "./messages";
import { Phone } from "./Phone";
import { usePreview } from "./preview";
import { fixedWords, hasMarkup, segmentsOf } from "./segments";
import "./sms.css";

export function SmsField({ field, name, value, place, findings, onChange, isRequired }: DrawnProps) {
  const store = useStore();
  const { around, isOff, schema } = useForm();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const [position, setPosition] = useState(0);
  const [isChoosing, setChoosing] = useState(false);
  const [isProving, setProving] = useState(false);
  const written = wordsOf(named(value)["text"]);
  const spot = { slug: store.told.slug, document: around.document, activity: around.id };
  const previewed = usePreview(store.client, spot, written, position);
  const most = schema.properties(field.node).find(([each]) => each === "text")?.[1]["maxLength"];
  const write = (text: string) => onChange({ text }, `${place}/text`);

  useEffect(() => {
    if (caret.current === null || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const insert = (path: string) => {
    const { selectionStart: from, selectionEnd: to } = area.current ?? { selectionStart: written.length, selectionEnd: written.length };
    const made = insertedAt(written, path, from, to);
    caret.current = made.caret;
    setChoosing(false);
    write(made.text);
  };
  const closeChooser = () => {
    setChoosing(false);
    area.current?.focus();
  };
  const isWrong = findings.some(({ problem }) => problem.severity === "error");
  const recipient = previewed.shown?.recipient ?? "";
  const optOut = previewed.shown?.opt_out_text ?? "";
  const root = document.querySelector(".cv");

  return (
    <div className={`cv-field sm-field ${findings.length > 0 ? "has-problem" : ""}`}>
      <div className="sm-head">
        <label htmlFor={id}>
          {name}
          {isRequired && <span className="cv-required" />}
        </label>
        {!isOff && (
          <button type="button" className="cv-button small" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
            <Icon name="data_object" />
            {s.insert}
          </button>
        )}
      </div>
      <textarea
        id={id}
        ref={area}
        rows={5}
        value={written}
        disabled={isOff}
        maxLength={typeof most === "number" ? most : undefined}
        placeholder={s.placeholder}
        aria-invalid={isWrong}
        aria-describedby={`${id}-counter ${id}-problems`}
        onChange={(event) => write(event.target.value)}
      />
      <div id={`${id}-counter`}>
        <Counter counted={segmentsOf(fixedWords(written, optOut))} isLeast={hasMarkup(written)} />
      </div>
      <ProblemTexts problems={findings.map(({ problem }) => problem)} id={`${id}-problems`} />
      <Phone previewed={previewed} onPosition={setPosition} />
      <button type="button" className="cv-button" aria-haspopup="dialog" onClick={() => setProving(true)}>
        <Icon name="send" />
        {s.proof}
      </button>
      {isProving &&
        root &&
        createPortal(
          <Dialog title={s.proofTitle} onClose={() => setProving(false)}>
            <ProofPanel message={spot} medium="sms" recipient={recipient} name={recipient && s.keyed(recipient)} hasErrors={isWrong} />
          </Dialog>,
          root,
        )}
      {isChoosing &&
        root &&
        createPortal(
          <Chooser title={s.insertTitle} hint={s.insertHint} options={insertable(previewed.shown)} empty={s.insertNone} onChoose={insert} onClose={closeChooser} />,
          root,
        )}
    </div>
  );
}
