import { useState } from "react";
import type { Json } from "../model/document";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { attributeNamed, labelOf } from "./about";
import type { Attribute } from "./api";
import { fieldsFound } from "./api";
import { useDesk } from "./desk";
import { ExpressionInput } from "./ExpressionInput";
import { isExpression, isInside } from "./forms";
import { t } from "./messages";
import type { Offer } from "./offers";
import { attributeOf, attributesOf, iconOf } from "./offers";
import { Picker } from "./Picker";
import { stepsOf } from "./steps";

interface Props {
  readonly about: About;
  readonly value: Json | undefined;
  readonly label: string;
  readonly suits?: (type: string) => boolean;
  readonly onChange: (value: Json, type: string, hasChoices: boolean) => void;
  readonly onTyped: (value: Json) => void;
  readonly onType?: (type: string | null) => void;
  readonly place: string;
}

/** An attribute, a place inside the JSON of one, or an expression. */
export function AttributeButton(props: Props) {
  const { value, onChange, onTyped, label, about } = props;
  if (isExpression(value)) {
    return (
      <ExpressionInput
        about={about}
        label={label}
        value={value.expression}
        place={`${props.place}/expression`}
        onTyped={(expression) => onTyped({ expression })}
        {...(props.onType ? { onType: props.onType } : {})}
        onLeave={() => onChange("", "text", false)}
      />
    );
  }
  return (
    <>
      <NameButton {...props} />
      {isInside(value) && <InsideInput value={value} onTyped={onTyped} onLeave={() => onChange(value.name, "json", false)} />}
    </>
  );
}

function NameButton({ about, value, label, suits, onChange }: Props) {
  const { library, client, isOff } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const name = isInside(value) ? value.name : typeof value === "string" ? value : "";
  const known = name ? attributeNamed(about, name, library.table) : undefined;
  const take = ({ value: chosen }: Offer<Attribute | "expression">) => {
    setOpen(false);
    if (chosen === "expression") {
      onChange({ expression: "" }, "", false);
      return;
    }
    void library.mark(about.table, chosen.name, "used");
    onChange(chosen.name, chosen.type, chosen.choices !== undefined);
  };
  const more = async (words: string, signal: AbortSignal): Promise<Offer<Attribute | "expression">[]> => {
    const { fields } = await fieldsFound(client, about.table, words, signal);
    const near = fields.filter(({ many, labels, type }) => !many && labels.length > 3 && (suits?.(type) ?? true)).map(attributeOf);
    return near.map((each) => ({ key: each.name, label: each.label, detail: `${each.group} · ${each.name}`, icon: iconOf(each.type), group: t.found, value: each }));
  };
  const expression: Offer<Attribute | "expression"> = { key: "expression", label: t.expression, detail: t.expressionHelp, icon: "function", group: t.otherConditions, value: "expression" };
  return (
    <>
      <button type="button" className={`rb-attribute ${name ? "" : "is-empty"}`} disabled={isOff} aria-haspopup="dialog" title={name} onClick={() => setOpen(true)}>
        <Icon name={known ? iconOf(known.type) : "label"} />
        <span className="cv-hidden">{label}: </span>
        <span>{known ? labelOf(known) : name || t.chooseAttribute}</span>
      </button>
      {isOpen && (
        <Picker<Attribute | "expression">
          title={t.chooseAttribute}
          hint={t.attributeHint}
          offers={[...attributesOf(about, library, suits), expression]}
          {...(about.table ? { more } : {})}
          onChoose={take}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

interface InsideProps {
  readonly value: { name: string; path: string[]; type?: string };
  readonly onTyped: (value: Json) => void;
  readonly onLeave: () => void;
}

/** Where in a JSON field, and what is expected there. A key that holds a dot is written with two. */
function InsideInput({ value, onTyped, onLeave }: InsideProps) {
  const { isOff } = useDesk();
  const written = value.path.map((step) => step.replace(/\./g, "..")).join(".");
  const take = (text: string) => onTyped({ ...value, path: stepsOf(text) });
  return (
    <span className="rb-inline">
      <input type="text" className="rb-input" disabled={isOff} aria-label={t.insidePath} placeholder={t.insidePath} value={written} onChange={(event) => take(event.target.value)} />
      <select
        aria-label={t.insideType}
        disabled={isOff}
        value={value.type ?? "text"}
        onChange={(event) => {
          const { type: _type, ...rest } = value;
          onTyped(event.target.value === "text" ? rest : { ...rest, type: event.target.value });
        }}
      >
        {["text", "decimal", "boolean"].map((type) => (
          <option key={type} value={type}>
            {t.types[type]}
          </option>
        ))}
      </select>
      {!isOff && (
        <button type="button" className="cv-icon-button small" aria-label={t.insideLeave} title={t.insideLeave} onClick={onLeave}>
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}
