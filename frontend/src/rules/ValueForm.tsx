import { useState } from "react";
import type { Json } from "../model/document";
import { writeJson } from "../model/json";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { AttributeButton } from "./AttributeButton";
import { useDesk } from "./desk";
import { isExpression } from "./forms";
import { t } from "./messages";
import type { OperandKind, ValueShape } from "./operands";
import { NUMBERS, TIMES, blankOperand, kindsFor, literalOf, operandKind, shapeOfValue, textOf } from "./operands";
import { DaysForm, MomentForm, PeriodForm, VariableChoice } from "./TimeForms";
import type { Path, Rule } from "./tree";
import { pointer } from "./tree";
import { ValuesDialog } from "./ValuesDialog";

export interface ValueProps {
  readonly path: Path;
  readonly value: Json | undefined;
  readonly type: string;
  readonly choices: { readonly [value: string]: string } | undefined;
  readonly about: About;
  /** Of which the values in the data can be shown. */
  readonly attribute: Json;
  readonly onSet: (value: Json | undefined) => void;
  readonly onTyped: (value: Json) => void;
}

/** What the operator takes: nothing, one value, two, a list, a period or days of the year. */
export function ValueForm(props: ValueProps & { rule: Rule }) {
  const { library } = useDesk();
  const { rule, value } = props;
  const shape = (library.operator(String(rule["operator"]))?.shape ?? shapeOfValue(value)) as ValueShape;
  if (shape === "nothing") return null;
  if (shape === "list" && Array.isArray(value)) return <ListForm {...props} items={value} />;
  if (shape === "pair" && Array.isArray(value)) return <PairForm {...props} items={value} />;
  const kind = value === undefined || value === null ? null : operandKind(value);
  if (shape === "period" && kind !== "parameter") return <PeriodForm {...props} />;
  if (shape === "days" && kind !== "parameter") return <DaysForm {...props} />;
  return <OneForm {...props} />;
}

function PairForm(props: ValueProps & { items: readonly Json[] }) {
  const { items, path, onSet, onTyped } = props;
  const other = (index: number, value: Json): Json => [0, 1].map((number) => (number === index ? value : (items[number] ?? "")));
  return (
    <>
      {[0, 1].map((index) => (
        <span className="rb-inline" key={index}>
          {index === 1 && <span className="rb-word">{t.and}</span>}
          <OneForm {...props} path={[...path, index]} value={items[index] ?? ""} onSet={(value) => onSet(other(index, value ?? ""))} onTyped={(value) => onTyped(other(index, value))} />
        </span>
      ))}
    </>
  );
}

/** One value of any kind: a literal as a field of its type, anything else by the word for it. */
export function OneForm(props: ValueProps) {
  const { value = "", type, onSet } = props;
  const { isOff } = useDesk();
  const kind = value === null ? "literal" : (operandKind(value) ?? "literal");
  const kinds = kindsFor(type, kind);
  return (
    <span className="rb-inline">
      <Operand {...props} kind={kind} value={value} />
      {!isOff && (
        <select className="rb-kind" aria-label={t.compareWith} title={t.compareWith} value={kind} onChange={(event) => onSet(blankOperand(event.target.value as OperandKind, type))}>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {t.operand[each]}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}

function Operand(props: ValueProps & { kind: OperandKind; value: Json }) {
  const { kind, value, about, path, onSet, onTyped } = props;
  switch (kind) {
    case "variable":
    case "parameter":
      return <VariableChoice kind={kind} value={value as Rule} onSet={onSet} />;
    case "today":
    case "now":
      return <MomentForm kind={kind} value={value as Rule} onSet={onSet} onTyped={onTyped} />;
    case "expression":
      return (
        <AttributeButton
          about={about}
          label={t.value}
          value={value}
          place={pointer(path)}
          onChange={(next) => onSet(typeof next === "string" ? "" : next)}
          onTyped={onTyped}
        />
      );
    case "attribute":
      return <AttributeValue {...{ value, about, path, onSet, onTyped }} type={props.type} />;
    default:
      return <LiteralInput {...props} />;
  }
}

function AttributeValue({ value, about, type, path, onSet, onTyped }: { value: Json; about: About; type: string; path: Path; onSet: (value: Json) => void; onTyped: (value: Json) => void }) {
  const name = (value as Rule)["attribute"];
  const suits = (other: string) => (type === "" ? true : NUMBERS.has(type) ? NUMBERS.has(other) : other === type);
  return (
    <AttributeButton
      about={about}
      label={t.otherAttribute}
      value={name}
      suits={suits}
      place={`${pointer(path)}/attribute`}
      onChange={(next) => onSet(isExpression(next) ? next : { attribute: next })}
      onTyped={onTyped}
    />
  );
}

const INPUTS: { readonly [type: string]: string } = { date: "date", datetime: "datetime-local" };
const FITS: { readonly [type: string]: RegExp } = { date: /^\d{4}-\d\d-\d\d$/, datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/ };

/** A date that no date field could show, such as one with an offset, is edited as the text it is. */
const inputFor = (type: string, text: string): string => (text === "" || FITS[type]?.test(text) ? (INPUTS[type] ?? "text") : "text");

function LiteralInput({ value, type, choices, onSet, onTyped, about, attribute }: ValueProps) {
  const { isOff } = useDesk();
  const text = textOf(value);
  if (type === "boolean") {
    return (
      <select aria-label={t.value} disabled={isOff} value={text} onChange={(event) => onSet(event.target.value === "true")}>
        {!["true", "false"].includes(text) && <option value={text}>{text || t.choose}</option>}
        <option value="true">{t.yes}</option>
        <option value="false">{t.no}</option>
      </select>
    );
  }
  if (choices && (text === "" || text in choices)) {
    return (
      <select aria-label={t.value} disabled={isOff} value={text} onChange={(event) => onSet(event.target.value)}>
        {text === "" && <option value="">{t.choose}</option>}
        {Object.entries(choices).map(([each, label]) => (
          <option key={each} value={each}>
            {label || each}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <input
        type={inputFor(type, text)}
        className={`rb-input ${NUMBERS.has(type) ? "is-number" : ""}`}
        inputMode={NUMBERS.has(type) ? "decimal" : undefined}
        aria-label={t.value}
        placeholder={TIMES.has(type) ? undefined : t.value}
        disabled={isOff}
        value={text}
        onChange={(event) => onTyped(literalOf(event.target.value, type))}
      />
      <ValuesButton about={about} attribute={attribute} onChoose={(chosen) => onSet(chosen)} />
    </>
  );
}

interface ValuesButtonProps {
  readonly about: About;
  readonly attribute: Json;
  readonly onChoose: (value: Json) => void;
  readonly chosen?: readonly Json[];
}

/** The commonest values in the data, to choose from. Columns of the flow have none before there is a run. */
export function ValuesButton({ about, attribute, onChoose, chosen }: ValuesButtonProps) {
  const { isOff } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const isPlain = typeof attribute === "string" ? attribute !== "" && !attribute.startsWith("@") : attribute !== null && !isExpression(attribute);
  if (isOff || !isPlain || !about.table || about.table === "@file") return null;
  return (
    <>
      <button type="button" className="cv-icon-button small" aria-haspopup="dialog" aria-label={t.showValues} title={t.showValues} onClick={() => setOpen(true)}>
        <Icon name="list" />
      </button>
      {isOpen && (
        <ValuesDialog
          about={about}
          attribute={attribute}
          chosen={chosen ?? null}
          onChoose={(value) => {
            onChoose(value);
            if (!chosen) setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** A list as chips; Enter or a comma ends a value, and a pasted column becomes a value for each line. */
function ListForm(props: ValueProps & { items: readonly Json[] }) {
  const { items, type, onSet, choices, about, attribute, path, onTyped } = props;
  const { isOff } = useDesk();
  const [typed, setTyped] = useState("");
  const add = (texts: readonly string[]) => {
    const fresh = texts.map((text) => text.trim()).filter(Boolean);
    const next = [...items, ...fresh.map((text) => literalOf(text, type))];
    setTyped("");
    if (fresh.length > 0) onSet(withoutRepeats(next));
  };
  const toggle = (value: Json) => {
    const others = items.filter((each) => textOf(each) !== textOf(value));
    onSet(others.length < items.length ? others : [...items, value]);
  };
  const isLiteral = (item: Json) => operandKind(item) === "literal";
  return (
    <span className="rb-list">
      {items.map((item, index) =>
        isLiteral(item) ? (
          <span className="rb-chip" key={index}>
            <span>{choices?.[textOf(item)] || textOf(item)}</span>
            {!isOff && (
              <button type="button" aria-label={t.removeValue(textOf(item))} onClick={() => onSet(items.filter((_, number) => number !== index))}>
                <Icon name="close" />
              </button>
            )}
          </span>
        ) : (
          <OneForm
            key={index}
            {...props}
            path={[...path, index]}
            value={item}
            onSet={(value) => onSet(items.map((each, number) => (number === index ? (value ?? "") : each)))}
            onTyped={(value) => onTyped(items.map((each, number) => (number === index ? value : each)))}
          />
        ),
      )}
      {choices && !isOff && <ChoiceAdder choices={choices} items={items} onAdd={(value) => onSet([...items, value])} />}
      {!choices && !isOff && (
        <input
          type={INPUTS[type] ?? "text"}
          className="rb-input"
          aria-label={t.addValue}
          placeholder={t.addValue}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || (event.key !== "Enter" && event.key !== ",") || (event.key === "," && type in INPUTS)) return;
            event.preventDefault();
            add([typed]);
          }}
          onPaste={(event) => {
            const lines = event.clipboardData.getData("text/plain").split(/[\r\n\t]+/);
            if (lines.filter((line) => line.trim()).length < 2) return;
            event.preventDefault();
            add(lines);
          }}
          onBlur={() => add([typed])}
        />
      )}
      <ValuesButton about={about} attribute={attribute} chosen={items} onChoose={toggle} />
    </span>
  );
}

const withoutRepeats = (items: readonly Json[]): Json[] => items.filter((item, index) => items.findIndex((each) => writeJson(each) === writeJson(item)) === index);

function ChoiceAdder({ choices, items, onAdd }: { choices: { readonly [value: string]: string }; items: readonly Json[]; onAdd: (value: Json) => void }) {
  const left = Object.entries(choices).filter(([value]) => !items.some((item) => textOf(item) === value));
  if (left.length === 0) return null;
  return (
    <select className="rb-adder" aria-label={t.addValue} value="" onChange={(event) => onAdd(event.target.value)}>
      <option value="">{t.addValue}</option>
      {left.map(([value, label]) => (
        <option key={value} value={value}>
          {label || value}
        </option>
      ))}
    </select>
  );
}
