import { createContext, useContext, useId, useState } from "react";
import type { ReactNode } from "react";
import { t } from "../messages";
import { sameJson } from "../model/canonical";
import type { Json } from "../model/document";
import type { Choice, Field as Drawn, Node, Schema } from "../model/schema";
import { text } from "../model/schema";
import { wholeNumber, writeJson } from "../model/json";
import { Fixes } from "../ui/Fixes";
import { Icon } from "../ui/Icon";
import { severityIcon } from "../ui/Problems";
import type { Problem } from "../api/client";
import { Group, List, Several, Union } from "./compound";
import { editorOf } from "./editors";
import { JsonField } from "./JsonField";
import type { Findings } from "./problems";
import { own } from "./problems";
import type { Surroundings } from "./widgets";
import { LONG, offered } from "./widgets";

export interface Form {
  readonly schema: Schema;
  readonly around: Surroundings;
  readonly isOff: boolean;
}

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error("no form around this field");
  return form;
}

/** `undefined` is a setting that is left out: it has its default. */
export type Value = Json | undefined;
export type Change = (value: Value, place: string) => void;

export interface FieldProps {
  readonly node: Node;
  readonly value: Value;
  readonly place: string;
  readonly findings: Findings;
  readonly onChange: Change;
  readonly isRequired: boolean;
  /** What stands in the place of the schema's title, such as the number of an entry. */
  readonly label?: string;
}

export interface DrawnProps extends FieldProps {
  readonly field: Drawn;
  readonly name: string;
}

export function Field(props: FieldProps) {
  const { schema } = useForm();
  const field = schema.field(props.node);
  const name = props.label ?? (text(field.node["title"]) || props.place.split("/").at(-1) || "");
  const drawn = { ...props, field, name };
  const Editor = editorOf(text(field.node["widget"]) || text(field.node["format"]));
  if (Editor) return <Editor {...drawn} />;
  if (field.nullable && isCompound(field) && (props.value ?? null) === null) return <Unset {...drawn} />;
  switch (field.kind) {
    case "toggle":
      return <Toggle {...drawn} />;
    case "number":
      return <NumberField {...drawn} />;
    case "choice":
      return <ChoiceField {...drawn} choices={field.choices} />;
    case "choices":
      return <Several {...drawn} />;
    case "group":
      return <Group {...drawn} />;
    case "list":
      return <List {...drawn} />;
    case "union":
      return <Union {...drawn} />;
    case "json":
      return <JsonField {...drawn} />;
    default:
      return <TextField {...drawn} />;
  }
}

const isCompound = ({ kind }: Drawn): boolean => ["group", "union", "list", "choices", "json"].includes(kind);

/** What equals the default is left out, as the server leaves it out. */
export const orDefault = (field: Drawn, value: Json): Value =>
  field.node["default"] !== undefined && sameJson(field.node["default"], value) ? undefined : value;

export const shown = (field: Drawn, value: Value): Json => value ?? field.node["default"] ?? null;

interface RowProps {
  readonly id: string;
  readonly name: string;
  readonly field: Drawn;
  readonly isRequired: boolean;
  readonly problems: readonly Problem[];
  readonly children: ReactNode;
}

/** A field with its name above it, its help below, and what is wrong with it. */
export function Row({ id, name, field, isRequired, problems, children }: RowProps) {
  const help = text(field.node["description"]);
  return (
    <div className={`cv-field ${problems.length > 0 ? "has-problem" : ""}`}>
      <label htmlFor={id}>
        {name}
        {isRequired && !field.nullable && <span className="cv-required" role="img" title={t.required} aria-label={t.required} />}
      </label>
      {children}
      {help && (
        <p className="cv-help" id={`${id}-help`}>
          {help}
        </p>
      )}
      <ProblemTexts problems={problems} id={`${id}-problems`} />
    </div>
  );
}

export const ProblemTexts = ({ problems, id }: { problems: readonly Problem[]; id?: string }) =>
  problems.length > 0 ? (
    <ul className="cv-field-problems" id={id}>
      {problems.map((problem, number) => (
        <li key={number} className={problem.severity} data-problem={problem.path}>
          <Icon name={severityIcon(problem.severity)} />
          <div>
            <span>
              {problem.message} {problem.remedy}
            </span>
            {problem.fixes && <Fixes problem={problem} onDone={toField} />}
          </div>
        </li>
      ))}
    </ul>
  ) : null;

/** Whoever mended a field goes on in it; where it is gone, with the other problems. */
function toField(button: HTMLElement): void {
  const field = button.closest(".cv-field, .cv-set, .cv-form")?.querySelector<HTMLElement>("input, select, textarea");
  requestAnimationFrame(() => (field?.isConnected ? field : document.querySelector<HTMLElement>(".cv-count"))?.focus({ preventScroll: true }));
}

const told = (id: string, problems: readonly Problem[]) => ({
  "aria-invalid": problems.length > 0,
  "aria-describedby": `${id}-help ${id}-problems`,
});

function TextField(props: DrawnProps) {
  const { field, value, place, name, onChange } = props;
  const { around, isOff } = useForm();
  const id = useId();
  const widget = text(field.node["widget"]);
  const choices = offered(widget, around, text(field.node["of"]));
  if (choices) return <ChoiceField {...props} choices={choices} />;
  const problems = own(props.findings, []);
  const given = shown(field, value);
  const common = {
    id,
    value: typeof given === "string" ? given : given === null ? "" : writeJson(given),
    disabled: isOff,
    maxLength: typeof field.node["maxLength"] === "number" ? field.node["maxLength"] : undefined,
    onChange: (event: { target: { value: string } }) => onChange(written(props, event.target.value), place),
    ...told(id, problems),
  };
  return (
    <Row {...{ id, name, field, problems }} isRequired={props.isRequired}>
      {LONG.has(widget) ? <textarea {...common} rows={8} className={widget === "html" ? "cv-code" : ""} /> : <input {...common} type="text" />}
    </Row>
  );
}

function written({ field, isRequired }: DrawnProps, words: string): Value {
  if (words === "" && field.nullable) return orDefault(field, null);
  if (words === "" && !isRequired && field.node["default"] === undefined) return undefined;
  return orDefault(field, words);
}

function NumberField(props: DrawnProps) {
  const { field, value, place, name, onChange, isRequired } = props;
  const { isOff } = useForm();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const problems = own(props.findings, []);
  const given = shown(field, value);
  const isWrong = typed !== null && typed.trim() !== "" && !Number.isFinite(Number(typed));
  const take = (words: string) => {
    setTyped(words);
    const number = Number(words);
    if (words.trim() === "") onChange(field.nullable ? orDefault(field, null) : isRequired ? null : undefined, place);
    else if (Number.isFinite(number)) onChange(orDefault(field, exact(field, words.trim(), number)), place);
  };
  return (
    <Row {...{ id, name, field, problems, isRequired }}>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        disabled={isOff}
        value={typed ?? (given === null ? "" : String(given))}
        onChange={(event) => take(event.target.value)}
        onBlur={() => !isWrong && setTyped(null)}
        {...told(id, problems)}
      />
      {isWrong && <p className="cv-field-problems error">{t.wrongNumber}</p>}
    </Row>
  );
}

/** What need not be whole stays as it was typed, so that it stays exact. */
const exact = (field: Drawn, words: string, number: number): Json => {
  if (/^-?\d+$/.test(words)) return wholeNumber(words);
  return field.node["type"] === "integer" || Number.isInteger(number) ? number : words;
};

function Toggle({ field, value, place, name, onChange, findings }: DrawnProps) {
  const { isOff } = useForm();
  const id = useId();
  const help = text(field.node["description"]);
  return (
    <div className="cv-field">
      <label className="cv-check" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          disabled={isOff}
          checked={shown(field, value) === true}
          onChange={(event) => onChange(orDefault(field, event.target.checked), place)}
        />
        {name}
      </label>
      {help && <p className="cv-help">{help}</p>}
      <ProblemTexts problems={own(findings, [])} />
    </div>
  );
}

/** A value that is offered no more is shown, not silently replaced. */
function ChoiceField({ field, value, place, name, onChange, isRequired, findings, choices }: DrawnProps & { choices: readonly Choice[] }) {
  const { isOff } = useForm();
  const id = useId();
  const problems = own(findings, []);
  const given = shown(field, value);
  const at = choices.findIndex((choice) => sameJson(choice.value, given));
  const isStray = at < 0 && given !== null && given !== "";
  const take = (index: number) => {
    const chosen = choices[index];
    if (chosen) onChange(orDefault(field, chosen.value), place);
    else if (index === -1) onChange(field.nullable ? orDefault(field, null) : undefined, place);
  };
  return (
    <Row {...{ id, name, field, problems, isRequired }}>
      <select id={id} disabled={isOff} value={isStray ? -2 : at} onChange={(event) => take(Number(event.target.value))} {...told(id, problems)}>
        {(at === -1 || !isRequired) && field.node["default"] === undefined && <option value={-1}>{t.chooseOne}</option>}
        {(field.node["default"] === "" || field.node["default"] === null) && <option value={-1}>{t.nobodyChosen}</option>}
        {isStray && <option value={-2}>{t.notListed(typeof given === "string" ? given : writeJson(given))}</option>}
        {choices.map((choice, index) => (
          <option key={index} value={index}>
            {choice.label}
          </option>
        ))}
      </select>
    </Row>
  );
}

function Unset({ field, place, name, onChange, findings }: DrawnProps) {
  const { schema, isOff } = useForm();
  const set = () => {
    const { default: _default, ...filled } = field.node;
    onChange(schema.blank(filled), place);
  };
  return (
    <div className="cv-field cv-unset">
      <span>{name}</span>
      {!isOff && (
        <button type="button" className="cv-button small" onClick={set}>
          {t.setIt}
        </button>
      )}
      {text(field.node["description"]) && <p className="cv-help">{text(field.node["description"])}</p>}
      <ProblemTexts problems={own(findings, [])} />
    </div>
  );
}
