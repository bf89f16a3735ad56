import { useId, useState } from "react";
import { t } from "../messages";
import { sameJson } from "../model/canonical";
import { text } from "../model/schema";
import { readJson, writeJson } from "../model/json";
import type { DrawnProps } from "./Field";
import { Row, orDefault, shown, useForm } from "./Field";
import { FormLink } from "./FormLink";
import { own } from "./problems";
import { RICHER } from "./widgets";

/** What no form is drawn for yet is kept and edited as it is written. Text that is no JSON stays here until it is. */
export function JsonField({ field, value, place, name, findings, onChange, isRequired }: DrawnProps) {
  const { isOff } = useForm();
  const id = useId();
  const given = shown(field, value);
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const take = (words: string) => {
    setTyped(words);
    setWrong("");
    if (words.trim() === "") {
      onChange(undefined, place);
      return;
    }
    try {
      const next = readJson(words);
      if (!sameJson(next, given)) onChange(orDefault(field, next), place);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  const written = given === null ? "" : writeJson(given, 2);
  return (
    <Row {...{ id, name, field, isRequired }} problems={own(findings, [])}>
      {RICHER.has(text(field.node["widget"])) && <FormLink />}
      <textarea
        id={id}
        className="cv-code"
        rows={Math.min(16, Math.max(4, written.split("\n").length))}
        spellCheck={false}
        disabled={isOff}
        aria-invalid={wrong !== ""}
        value={typed ?? written}
        onChange={(event) => take(event.target.value)}
        onBlur={() => wrong === "" && setTyped(null)}
      />
      <p className="cv-help">{t.jsonHelp}</p>
      {wrong && <p className="cv-field-problems error">{t.jsonWrong(wrong)}</p>}
    </Row>
  );
}
