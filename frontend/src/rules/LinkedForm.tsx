import { useState } from "react";
import type { Json } from "../model/document";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { collectionNamed, labelOf, typeOf } from "./about";
import { AttributeButton } from "./AttributeButton";
import type { LinkedKind } from "./blanks";
import { FUNCTIONS, asLinked, firstOperator, linkedKind } from "./blanks";
import { BodyView } from "./BodyView";
import { useDesk } from "./desk";
import { isExpression } from "./forms";
import { t } from "./messages";
import { collectionsOf } from "./offers";
import { OperatorChoice } from "./OperatorChoice";
import { LONG_UNITS, SHORT_UNITS, TIMES, withMember } from "./operands";
import { Picker } from "./Picker";
import { Whole } from "./TimeForms";
import type { Path, Rule } from "./tree";
import { bodyAt, changed, isRule, pointer, put } from "./tree";
import { ValueForm } from "./ValueForm";

interface Props {
  readonly path: Path;
  readonly rule: Rule;
  readonly about: About;
  /** The linked rows, of which the conditions inside are. */
  readonly inner: About;
}

const KINDS: readonly LinkedKind[] = ["some", "no", ...FUNCTIONS, "nth", "sequence"];

/** Linked rows: whether there are some, how many, a figure over them, one of them by its place, several in a row. */
export function LinkedForm(props: Props) {
  const { path, rule, about, inner } = props;
  const desk = useDesk();
  const set = (next: Rule) => desk.edit(changed(desk.root, path, next), "none");
  const kind = linkedKind(rule);
  const rows = desk.library.table(inner.table);
  const firstTime = rows?.attributes.find(({ type }) => TIMES.has(type))?.name ?? "";
  return (
    <div className="rb-linked">
      <div className="rb-line">
        <select className="rb-how" aria-label={t.howLinked} value={kind} disabled={desk.isOff} onChange={(event) => set(asLinked(rule, event.target.value as LinkedKind, firstTime))}>
          {KINDS.map((each) => (
            <option key={each} value={each} disabled={!rows && each !== kind && (each === "nth" || each === "sequence")}>
              {t.linked[each]}
            </option>
          ))}
        </select>
        {rule["kind"] === "aggregate" && kind !== "count" && <FigureAttribute {...props} onChange={set} />}
        {rule["kind"] === "aggregate" && <span className="rb-word">{t.ofRows}</span>}
        <LinkButton table={about.table} link={String(rule["link"])} onChoose={(link) => set({ ...rule, link })} />
        {rule["kind"] === "aggregate" && <Figure {...props} onChange={set} />}
      </div>
      {rule["kind"] === "nth" && <NthForm {...props} onChange={set} />}
      {rule["kind"] === "sequence" ? (
        <SequenceForm {...props} onChange={set} />
      ) : rule["kind"] === "nth" ? (
        <>
          <Where place={[...path, "among"]} about={inner} title={t.among} />
          <Where place={[...path, "where"]} about={inner} title={t.nthWhere} />
        </>
      ) : (
        <Where place={[...path, "where"]} about={inner} title={t.suchThat} />
      )}
      {(rule["kind"] === "nth" || rule["kind"] === "sequence") && <Negate rule={rule} onChange={set} />}
    </div>
  );
}

/** Conditions on the linked rows. As long as there are none, only the button that adds one is there. */
function Where({ place, about, title }: { place: Path; about: About; title: string }) {
  const { root } = useDesk();
  const isEmpty = bodyAt(root, place).items.length === 0;
  return (
    <div className={isEmpty ? "rb-where is-empty" : "rb-where"} role="group" aria-label={title}>
      {!(isEmpty && title === t.suchThat) && <p className="rb-word">{title}</p>}
      <BodyView place={place} about={about} addLabel={t.addRowCondition} />
    </div>
  );
}

function LinkButton({ table, link, onChoose }: { table: string; link: string; onChoose: (link: string) => void }) {
  const { library, isOff } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const known = link ? collectionNamed(table, link, library.table) : undefined;
  return (
    <>
      <button type="button" className={`rb-attribute ${link ? "" : "is-empty"}`} disabled={isOff} aria-haspopup="dialog" title={link} onClick={() => setOpen(true)}>
        <Icon name="table_rows" />
        <span className="cv-hidden">{t.linkedRows}: </span>
        <span>{known ? labelOf(known) : link || t.chooseRows}</span>
      </button>
      {isOpen && (
        <Picker
          title={t.chooseRows}
          hint={t.rowsHint}
          offers={collectionsOf(table, library.table)}
          onChoose={({ value }) => {
            setOpen(false);
            onChoose(value.name);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

interface Changing extends Props {
  readonly onChange: (rule: Rule) => void;
}

const typeOfFigure = ({ rule, inner }: Props, library: ReturnType<typeof useDesk>["library"]): string =>
  library.figure(String(rule["function"]), typeOf(inner, rule["attribute"], library.table));

function FigureAttribute({ path, rule, inner, onChange }: Changing) {
  const desk = useDesk();
  const name = String(rule["function"]);
  const take = (attribute: Json, type: string) => {
    const next: Rule = { ...rule, attribute };
    const gives = desk.library.figure(name, type);
    const suits = desk.library.operators(gives).some((each) => each.name === rule["operator"]);
    const { operator: _operator, value: _value, ...rest } = next;
    onChange(suits || type === "" ? next : { ...rest, ...firstOperator(gives) });
  };
  return (
    <AttributeButton
      about={inner}
      label={t.figureOf}
      value={rule["attribute"] ?? ""}
      suits={(type) => desk.library.suits(name, type)}
      place={`${pointer(path)}/attribute`}
      onChange={take}
      onTyped={(attribute) => desk.type(path, put(desk.root, path, { ...rule, attribute }))}
    />
  );
}

/** What the figure is compared with; attributes there are those of the row whose linked rows are counted. */
function Figure(props: Changing) {
  const { path, rule, about, onChange } = props;
  const desk = useDesk();
  const type = isExpression(rule["attribute"]) && rule["function"] !== "count" ? desk.library.figure(String(rule["function"]), "decimal") : typeOfFigure(props, desk.library);
  return (
    <>
      <OperatorChoice rule={rule} type={type} onChange={onChange} words={type === "integer" || rule["function"] === "sum" ? t.amounts : {}} />
      <ValueForm
        path={[...path, "value"]}
        rule={rule}
        value={rule["value"]}
        type={type}
        choices={undefined}
        about={about}
        attribute=""
        onSet={(value) => onChange(withMember(rule, "value", value))}
        onTyped={(value) => desk.type(path, put(desk.root, path, { ...rule, value }))}
      />
      {rule["function"] === "string" && (
        <label className="rb-inline">
          <span className="rb-word">{t.separator}</span>
          <input
            type="text"
            className="rb-input is-number"
            maxLength={100}
            disabled={desk.isOff}
            value={typeof rule["separator"] === "string" ? rule["separator"] : ", "}
            onChange={(event) => desk.type(path, put(desk.root, path, { ...rule, separator: event.target.value }))}
          />
        </label>
      )}
    </>
  );
}

function NthForm({ path, rule, inner, onChange }: Changing) {
  const desk = useDesk();
  return (
    <div className="rb-line">
      <span className="rb-word">{t.nthNumber}</span>
      <Whole label={t.nthNumber} value={rule["n"] ?? 1} least={1} onChange={(n) => desk.type(path, put(desk.root, path, withMember(rule, "n", n, 1)))} />
      <select
        aria-label={t.order}
        disabled={desk.isOff}
        value={rule["descending"] === false ? "first" : "last"}
        onChange={(event) => onChange(withMember(rule, "descending", event.target.value === "first" ? false : undefined))}
      >
        <option value="last">{t.fromLast}</option>
        <option value="first">{t.fromFirst}</option>
      </select>
      <span className="rb-word">{t.by}</span>
      <AttributeButton
        about={inner}
        label={t.order}
        value={rule["by"]}
        suits={(type) => !["json", "boolean", "uuid"].includes(type)}
        place={`${pointer(path)}/by`}
        onChange={(by) => onChange({ ...rule, by })}
        onTyped={(by) => desk.type(path, put(desk.root, path, { ...rule, by }))}
      />
    </div>
  );
}

function SequenceForm({ path, rule, inner, onChange }: Changing) {
  const desk = useDesk();
  const steps = (Array.isArray(rule["steps"]) ? rule["steps"] : []) as Rule[];
  const set = (next: readonly Rule[]) => onChange({ ...rule, steps: next.map((step, index) => (index === 0 ? withMember(step, "within", undefined) : step)) });
  return (
    <>
      <div className="rb-line">
        <span className="rb-word">{t.inOrderOf}</span>
        <AttributeButton
          about={inner}
          label={t.inOrderOf}
          value={rule["at"]}
          suits={(type) => TIMES.has(type)}
          place={`${pointer(path)}/at`}
          onChange={(by) => onChange({ ...rule, at: by })}
          onTyped={(by) => desk.type(path, put(desk.root, path, { ...rule, at: by }))}
        />
      </div>
      <ol className="rb-steps">
        {steps.map((step, index) => (
          <li key={index}>
            <div className="rb-line">
              <strong>{t.step(index + 1)}</strong>
              {index > 0 && (
                <WithinForm
                  step={step}
                  onChange={(next) => set(steps.map((each, number) => (number === index ? next : each)))}
                />
              )}
              {!desk.isOff && steps.length > 2 && (
                <button type="button" className="cv-icon-button small" aria-label={t.removeStep(index + 1)} title={t.removeStep(index + 1)} onClick={() => set(steps.filter((_, number) => number !== index))}>
                  <Icon name="close" />
                </button>
              )}
            </div>
            <BodyView place={[...path, "steps", index, "where"]} about={inner} addLabel={t.addRowCondition} />
          </li>
        ))}
      </ol>
      {!desk.isOff && steps.length < 10 && (
        <button type="button" className="cv-button small" onClick={() => set([...steps, {}])}>
          <Icon name="add" />
          {t.addStep}
        </button>
      )}
    </>
  );
}

/** How soon after the step before; without a limit any time later. */
function WithinForm({ step, onChange }: { step: Rule; onChange: (step: Rule) => void }) {
  const { isOff } = useDesk();
  const within = isRule(step["within"]) ? step["within"] : null;
  return (
    <span className="rb-inline">
      <select aria-label={t.howSoon} disabled={isOff} value={within ? "within" : "any"} onChange={(event) => onChange(withMember(step, "within", event.target.value === "any" ? undefined : { n: 30 }))}>
        <option value="any">{t.anyTimeLater}</option>
        <option value="within">{t.atMostLater}</option>
      </select>
      {within && (
        <>
          <Whole label={t.howMany} value={within["n"]} least={0} onChange={(n) => onChange({ ...step, within: { ...within, n } })} />
          <select aria-label={t.unit} disabled={isOff} value={String(within["unit"] ?? "day")} onChange={(event) => onChange({ ...step, within: withMember(within, "unit", event.target.value, "day") })}>
            {[...LONG_UNITS, ...SHORT_UNITS].map((unit) => (
              <option key={unit} value={unit}>
                {t.units[unit]}
              </option>
            ))}
          </select>
        </>
      )}
    </span>
  );
}

function Negate({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const { isOff } = useDesk();
  return (
    <label className="cv-check">
      <input type="checkbox" disabled={isOff} checked={rule["negate"] === true} onChange={(event) => onChange(withMember(rule, "negate", event.target.checked ? true : undefined))} />
      {t.negate}
    </label>
  );
}

