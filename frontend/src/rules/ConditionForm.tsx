import { useState } from "react";
import type { Json } from "../model/document";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { attributeNamed, typeOf } from "./about";
import { AttributeButton } from "./AttributeButton";
import { firstOperator } from "./blanks";
import { useDesk } from "./desk";
import { isExpression, isInside } from "./forms";
import { t } from "./messages";
import { OperatorChoice } from "./OperatorChoice";
import { withMember } from "./operands";
import type { Path, Rule } from "./tree";
import { changed, pointer, put } from "./tree";
import { ValueForm } from "./ValueForm";

interface Props {
  readonly path: Path;
  readonly rule: Rule;
  readonly about: About;
}

export function ConditionForm({ path, rule, about }: Props) {
  const desk = useDesk();
  const [judged, setJudged] = useState<string | null>(null);
  const attribute = rule["attribute"];
  const type = isExpression(attribute) ? (judged ?? "") : typeOf(about, attribute, desk.library.table);
  const known = typeof attribute === "string" ? attributeNamed(about, attribute, desk.library.table) : undefined;
  const set = (next: Rule) => desk.edit(changed(desk.root, path, next), "none");
  const typed = (next: Rule) => desk.type(path, put(desk.root, path, next));
  const choose = (value: Json, next: string, hasChoices: boolean) => {
    const suits = next === type || desk.library.operators(next).some(({ name }) => name === rule["operator"] && next === type);
    const { operator: _operator, value: _value, case_sensitive: _case, ...rest } = rule;
    set(suits ? { ...rule, attribute: value } : { ...rest, attribute: value, ...firstOperator(next || "text", hasChoices) });
  };
  return (
    <div className="rb-line">
      <AttributeButton
        about={about}
        label={t.attribute}
        value={attribute}
        place={`${pointer(path)}/attribute`}
        onChange={choose}
        onTyped={(value) => typed({ ...rule, attribute: value })}
        onType={setJudged}
      />
      {type === "json" && !isInside(attribute) && !desk.isOff && typeof attribute === "string" && (
        <button type="button" className="cv-button small" onClick={() => set({ ...rule, attribute: { name: attribute, path: [""] }, operator: "equal", value: "" })}>
          {t.lookInside}
        </button>
      )}
      <OperatorChoice rule={rule} type={type} onChange={set} />
      <ValueForm
        path={[...path, "value"]}
        value={rule["value"]}
        rule={rule}
        type={type}
        choices={known?.choices}
        about={about}
        attribute={attribute ?? ""}
        onSet={(value) => set(withMember(rule, "value", value))}
        onTyped={(value) => typed({ ...rule, value })}
      />
      {type === "text" && TEXTS.has(String(rule["operator"])) && <CaseToggle rule={rule} onChange={set} />}
    </div>
  );
}

const TEXTS = new Set(["equal", "not_equal", "in", "not_in", "starts_with", "not_starts_with", "contains", "not_contains", "like", "not_like", "between", "not_between", "greater", "greater_or_equal", "less", "less_or_equal"]);

function CaseToggle({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const { isOff } = useDesk();
  const isFolded = rule["case_sensitive"] === false;
  return (
    <button
      type="button"
      className="cv-icon-button small rb-case"
      aria-pressed={isFolded}
      aria-label={t.anyCase}
      title={t.anyCase}
      disabled={isOff}
      onClick={() => onChange(withMember(rule, "case_sensitive", isFolded ? undefined : false))}
    >
      <Icon name="match_case" />
    </button>
  );
}
