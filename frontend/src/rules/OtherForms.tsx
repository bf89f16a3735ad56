import { useId, useState } from "react";
import { Refused } from "../api/client";
import { sameJson } from "../model/canonical";
import type { Json } from "../model/document";
import { readJson, writeJson } from "../model/json";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import type { Parameter } from "./api";
import { appliedFilter } from "./api";
import { useDesk } from "./desk";
import { t } from "./messages";
import type { Path, Rule } from "./tree";
import { changed, isRule, put } from "./tree";
import { withMember } from "./operands";
import { ValueForm } from "./ValueForm";

interface Props {
  readonly path: Path;
  readonly rule: Rule;
  readonly about: About;
}

export function MemberForm({ path, rule, about }: Props) {
  const { root, edit, place, isOff } = useDesk();
  const now = String(rule["audience"]);
  const known = place.audiences.filter(({ table }) => table === about.table);
  const set = (next: Rule) => edit(changed(root, path, next), "none");
  return (
    <div className="rb-line">
      <select aria-label={t.membership} disabled={isOff} value={rule["negate"] === true ? "no" : "yes"} onChange={(event) => set(withMember(rule, "negate", event.target.value === "no" ? true : undefined))}>
        <option value="yes">{t.isMember}</option>
        <option value="no">{t.isNoMember}</option>
      </select>
      <select aria-label={t.audience} disabled={isOff} value={now} onChange={(event) => set({ ...rule, audience: event.target.value })}>
        {!known.some(({ name }) => name === now) && <option value={now}>{now || t.choose}</option>}
        {known.map(({ name, label }) => (
          <option key={name} value={name}>
            {label || name}
          </option>
        ))}
      </select>
    </div>
  );
}

const TYPES: { readonly [type in Parameter["type"]]: string } = { text: "text", number: "decimal", date: "date", boolean: "boolean", period: "date" };

/** A saved filter with values for its parameters; a parameter that has a default may be left out. */
export function FilterForm({ path, rule, about }: Props) {
  const desk = useDesk();
  const saved = desk.library.filter(String(rule["filter"]));
  const given = isRule(rule["parameters"]) ? rule["parameters"] : {};
  const [wrong, setWrong] = useState("");
  const written = (name: string, value: Json | undefined): Rule => {
    const { [name]: _old, ...others } = given;
    const next = value === undefined ? others : { ...given, [name]: value };
    return withMember(rule, "parameters", Object.keys(next).length > 0 ? next : undefined);
  };
  const copy = () =>
    appliedFilter(desk.client, String(rule["filter"]), given).then(
      (copied) => desk.edit(changed(desk.root, path, copied as Rule), "handle"),
      (error: unknown) => setWrong(error instanceof Refused ? error.message : t.noAnswer),
    );
  return (
    <div className="rb-linked">
      <div className="rb-line">
        <Icon name="filter_alt" />
        <span>
          {t.savedFilter}: <strong>{saved?.label ?? String(rule["filter"])}</strong>
        </span>
        {!desk.isOff && saved && (
          <button type="button" className="cv-button small" onClick={() => void copy()}>
            <Icon name="call_split" />
            {t.copyConditions}
          </button>
        )}
      </div>
      {saved?.description && <p className="cv-quiet">{saved.description}</p>}
      {saved?.parameters.map((parameter) => (
        <ParameterForm
          key={parameter.name}
          parameter={parameter}
          path={[...path, "parameters", parameter.name]}
          about={about}
          value={given[parameter.name]}
          onSet={(value) => desk.edit(changed(desk.root, path, written(parameter.name, value)), "none")}
          onTyped={(value) => desk.type(path, put(desk.root, path, written(parameter.name, value)))}
        />
      ))}
      {wrong && (
        <p className="rb-notice" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** A value for a parameter, as the rule writes it; nothing given is the default. */
interface ParameterProps {
  readonly parameter: Parameter;
  readonly path: Path;
  readonly about: About;
  readonly value: Json | undefined;
  readonly onSet: (value: Json | undefined) => void;
  readonly onTyped: (value: Json) => void;
}

export function ParameterForm({ parameter, path, about, value, onSet, onTyped }: ParameterProps) {
  const { isOff } = useDesk();
  const { name, label, type, many } = parameter;
  const operator = type === "period" ? "in_period" : many ? "in" : "equal";
  const shown = value ?? parameter.default ?? (many ? [] : type === "period" ? { last: 30 } : "");
  return (
    <div className="rb-line rb-parameter">
      <span className="rb-word">{label || name}</span>
      <ValueForm path={path} rule={{ operator }} value={shown} type={TYPES[type]} choices={undefined} about={about} attribute="" onSet={onSet} onTyped={onTyped} />
      {!isOff && value !== undefined && parameter.default !== undefined && !sameJson(value, parameter.default) && (
        <button type="button" className="cv-link" onClick={() => onSet(undefined)}>
          {t.useDefault}
        </button>
      )}
    </div>
  );
}

/** A part that has no form here: shown and edited as it is written, and kept whatever happens around it. */
export function JsonForm({ path, rule }: { path: Path; rule: Json }) {
  const desk = useDesk();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const written = writeJson(rule, 2);
  const take = (text: string) => {
    setTyped(text);
    try {
      const next = readJson(text);
      setWrong("");
      if (!sameJson(next, rule)) desk.type(path, put(desk.root, path, next));
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="rb-linked">
      <label className="cv-quiet" htmlFor={id}>
        {t.asWritten}
      </label>
      <textarea
        id={id}
        className="cv-code rb-json"
        spellCheck={false}
        rows={Math.min(12, written.split("\n").length)}
        disabled={desk.isOff}
        aria-invalid={wrong !== ""}
        value={typed ?? written}
        onChange={(event) => take(event.target.value)}
        onBlur={() => wrong === "" && setTyped(null)}
      />
      {wrong && <p className="rb-fault">{t.jsonWrong(wrong)}</p>}
    </div>
  );
}
