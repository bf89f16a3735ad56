import { useId } from "react";
import { t } from "../messages";
import { sameJson } from "../model/canonical";
import type { Json } from "../model/document";
import { derivedId } from "../model/ids";
import type { Node, Variant } from "../model/schema";
import { text } from "../model/schema";
import { Icon } from "../ui/Icon";
import type { Change, DrawnProps, Value } from "./Field";
import { Field, ProblemTexts, Row, orDefault, shown, useForm } from "./Field";
import type { Findings } from "./problems";
import { below, own } from "./problems";

type Named = { readonly [name: string]: Json };

export const named = (value: Value): Named =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};

/** Widgets of ids that follow from a label as long as nobody has written one. */
const DERIVED = new Set(["port", "column"]);

const escaped = (name: string): string => name.replace(/~/g, "~0").replace(/\//g, "~1");

function withEntry(entries: Named, name: string, value: Value): Named {
  const { [name]: _last, ...others } = entries;
  return value === undefined ? others : { ...others, [name]: value };
}

interface PropertiesProps {
  readonly node: Node;
  readonly value: Value;
  readonly place: string;
  readonly findings: Findings;
  readonly onChange: (value: Named, place: string) => void;
  readonly except?: string;
}

/** The fields of an object. Where a part has both a label and an id, people name it first. */
export function Properties({ node, value, place, findings, onChange, except = "" }: PropertiesProps) {
  const { schema } = useForm();
  const given = named(value);
  const required = schema.required(node);
  const properties = schema.properties(node).filter(([name]) => name !== except);
  const change =
    (name: string): Change =>
    (next, where) =>
      onChange(withEntry(given, name, next), where);
  const idOf = properties.find(([name, each]) => (name === "id" || name === "name") && DERIVED.has(text(each["widget"])));
  const nameIt = () => {
    if (!idOf || text(given["label"]) === "" || text(given[idOf[0]]) !== "") return;
    const number = Number(place.split("/").at(-1) ?? 0) + 1 || 1;
    onChange({ ...given, [idOf[0]]: derivedId(text(given["label"]), text(idOf[1]["widget"]), number) }, place);
  };
  const fields = labelFirst(properties).map(([name, each]) => (
    <Field
      key={name}
      node={each}
      value={given[name]}
      place={`${place}/${escaped(name)}`}
      findings={below(findings, name)}
      onChange={change(name)}
      isRequired={required.has(name)}
    />
  ));
  return idOf ? (
    <div className="cv-named" onBlur={(event) => event.target.tagName === "INPUT" && nameIt()}>
      {fields}
    </div>
  ) : (
    <>{fields}</>
  );
}

function labelFirst(properties: [string, Node][]): [string, Node][] {
  const label = properties.find(([name]) => name === "label");
  const derived = properties.findIndex(([name]) => name === "id" || name === "name");
  if (!label || derived < 0 || properties.indexOf(label) < derived) return properties;
  const rest = properties.filter((each) => each !== label);
  return [...rest.slice(0, derived), label, ...rest.slice(derived)];
}

export const namesOf = (properties: readonly (readonly [string, Node])[]): string[] => properties.map(([name]) => name);

export function Group({ field, value, place, name, findings, onChange, node }: DrawnProps) {
  const { schema, isOff } = useForm();
  const help = text(field.node["description"]);
  return (
    <fieldset className="cv-set">
      <legend>{name}</legend>
      {help && <p className="cv-help">{help}</p>}
      <ProblemTexts problems={own(findings, namesOf(schema.properties(field.node)))} />
      <Properties node={field.node} value={shown(field, value)} place={place} findings={findings} onChange={(next, where) => onChange(orDefault(field, next), where)} />
      {schema.field(node).nullable && !isOff && <Leave onClick={() => onChange(orDefault(field, null), place)} />}
    </fieldset>
  );
}

const Leave = ({ onClick }: { onClick: () => void }) => (
  <button type="button" className="cv-button small" onClick={onClick}>
    {t.leaveIt}
  </button>
);

export function Union(props: DrawnProps) {
  const { field, value, place, name, findings, onChange, isRequired } = props;
  const { schema, isOff } = useForm();
  const id = useId();
  const variants = schema.variants(field.node);
  const by = schema.discriminator(field.node);
  const given = named(shown(field, value));
  const chosen = variants.find((variant) => variant.value === given[by]);
  const inner = chosen ? namesOf(schema.properties(chosen.node)).filter((each) => each !== by) : [];
  const take = (next: Variant | undefined) => next && onChange(kept(schema.blankVariant(field.node, next), given), place);
  return (
    <div className="cv-union">
      <Row {...{ id, name, field, isRequired }} problems={own(findings, inner)}>
        <select id={id} disabled={isOff} value={chosen?.value ?? ""} onChange={(event) => take(variants.find((each) => each.value === event.target.value))}>
          {!chosen && <option value="">{t.chooseOne}</option>}
          {variants.map((variant) => (
            <option key={variant.value} value={variant.value}>
              {variant.label}
            </option>
          ))}
        </select>
      </Row>
      {chosen && (
        <div className="cv-inner">
          <Properties
            node={chosen.node}
            value={given}
            place={place}
            findings={findings}
            except={by}
            onChange={(next, where) => onChange({ ...next, [by]: chosen.value }, where)}
          />
        </div>
      )}
    </div>
  );
}

/** What was filled in under one choice stays where the other one asks for the same. */
const kept = (blank: Json, before: Named): Json =>
  Object.fromEntries(
    Object.entries(named(blank)).map(([name, value]) => {
      const old = before[name];
      return [name, old !== undefined && value !== null && typeof old === typeof value && typeof value !== "string" ? old : value];
    }),
  );

export function Several({ field, value, place, name, findings, onChange, isRequired }: DrawnProps) {
  const { schema, isOff } = useForm();
  const id = useId();
  const { choices } = schema.field(schema.items(field.node));
  const given = listed(shown(field, value));
  const toggle = (choice: Json, isOn: boolean) => {
    const next = choices.map((each) => each.value).filter((each) => (sameJson(each, choice) ? isOn : given.some((one) => sameJson(one, each))));
    onChange(orDefault(field, next), place);
  };
  return (
    <Row {...{ id, name, field, isRequired }} problems={own(findings, [])}>
      <div className="cv-checks" id={id} role="group" aria-label={name}>
        {choices.map((choice) => (
          <label key={String(choice.value)} className="cv-check">
            <input
              type="checkbox"
              disabled={isOff}
              checked={given.some((one) => sameJson(one, choice.value))}
              onChange={(event) => toggle(choice.value, event.target.checked)}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </Row>
  );
}

const listed = (value: Value): readonly Json[] => (Array.isArray(value) ? value : []);

export function List({ field, value, place, name, findings, onChange }: DrawnProps) {
  const { schema, isOff } = useForm();
  const items = schema.items(field.node);
  const given = listed(shown(field, value));
  const isSimple = ["text", "number", "choice"].includes(schema.field(items).kind);
  const most = typeof field.node["maxItems"] === "number" ? field.node["maxItems"] : Infinity;
  const least = typeof field.node["minItems"] === "number" ? field.node["minItems"] : 0;
  const set = (next: readonly Json[], where = place) => onChange(orDefault(field, [...next]), where);
  const help = text(field.node["description"]);
  return (
    <fieldset className="cv-set">
      <legend>
        {name}
        {least > 0 && <span className="cv-required" role="img" title={t.required} aria-label={t.required} />}
      </legend>
      {help && <p className="cv-help">{help}</p>}
      <ProblemTexts problems={own(findings, given.map((_, index) => String(index)))} />
      <ol className={isSimple ? "cv-entries simple" : "cv-entries"}>
        {given.map((each, index) => (
          <li key={index}>
            <div className="cv-entry">
              {!isSimple && <p className="cv-entry-name">{entryName(each, index)}</p>}
              {isSimple ? (
                <Field
                  node={items}
                  label={`${name} ${index + 1}`}
                  value={each}
                  place={`${place}/${index}`}
                  findings={below(findings, String(index))}
                  onChange={(next, where) => set(given.map((old, at) => (at === index ? (next ?? "") : old)), where)}
                  isRequired={false}
                />
              ) : (
                <Entry
                  node={items}
                  value={each}
                  place={`${place}/${index}`}
                  findings={below(findings, String(index))}
                  onChange={(next, where) => set(given.map((old, at) => (at === index ? (next ?? null) : old)), where)}
                />
              )}
            </div>
            {!isOff && (
              <div className="cv-entry-acts">
                <EntryAct icon="arrow_upward" label={t.moveUp} isOff={index === 0} onClick={() => set(swapped(given, index - 1))} />
                <EntryAct icon="arrow_downward" label={t.moveDown} isOff={index === given.length - 1} onClick={() => set(swapped(given, index))} />
                <EntryAct icon="close" label={t.removeEntry} isOff={false} onClick={() => set(given.filter((_, at) => at !== index))} />
              </div>
            )}
          </li>
        ))}
      </ol>
      {!isOff && given.length < most && (
        <button type="button" className="cv-button small" onClick={() => set([...given, schema.blank(items)])}>
          <Icon name="add" />
          {t.addEntry}
        </button>
      )}
    </fieldset>
  );
}

/** An object is drawn without a frame of its own: the entry is one. */
function Entry({ node, value, place, findings, onChange }: { node: Node; value: Json; place: string; findings: Findings; onChange: Change }) {
  const { schema } = useForm();
  const field = schema.field(node);
  if (field.kind !== "group") return <Field {...{ node, value, place, findings, onChange }} label={text(field.node["title"]) || t.kind} isRequired={true} />;
  return (
    <>
      <ProblemTexts problems={own(findings, namesOf(schema.properties(field.node)))} />
      <Properties node={field.node} value={value} place={place} findings={findings} onChange={onChange} />
    </>
  );
}

const entryName = (value: Json, index: number): string => {
  const { label, id, name } = named(value);
  return [label, name, id].map(text).find(Boolean) ?? t.entry(index + 1);
};

function swapped(list: readonly Json[], at: number): Json[] {
  const [one, other] = [list[at], list[at + 1]];
  if (one === undefined || other === undefined) return [...list];
  return [...list.slice(0, at), other, one, ...list.slice(at + 2)];
}

const EntryAct = ({ icon, label, isOff, onClick }: { icon: string; label: string; isOff: boolean; onClick: () => void }) => (
  <button type="button" className="cv-icon-button small" aria-label={label} title={label} disabled={isOff} onClick={onClick}>
    <Icon name={icon} />
  </button>
);
