import type { Json } from "../model/document";
import { useDesk } from "./desk";
import { t } from "./messages";
import type { ValueShape } from "./operands";
import { reshaped, withMember } from "./operands";
import type { Rule } from "./tree";

interface Props {
  readonly rule: Rule;
  readonly type: string;
  readonly onChange: (rule: Rule) => void;
  /** Other words than the usual, where something is counted. */
  readonly words?: { readonly [operator: string]: string };
}

/** The operators of the type; all of them as long as it is not known. What is written stays offered. */
export function OperatorChoice({ rule, type, onChange, words = {} }: Props) {
  const { library, isOff } = useDesk();
  const own = library.operators(type);
  const all = own.length > 0 ? own : uniqueOperators(library.language?.types ?? {});
  const now = String(rule["operator"]);
  const isStray = !all.some(({ name }) => name === now);
  const take = (name: string) => {
    const shape = all.find((each) => each.name === name)?.shape ?? "one";
    const value = reshaped(rule["value"] as Json | undefined, shape as ValueShape, type);
    onChange(withMember({ ...rule, operator: name }, "value", value));
  };
  return (
    <select className="rb-operator" aria-label={t.operator} value={now} disabled={isOff} onChange={(event) => take(event.target.value)}>
      {isStray && <option value={now}>{library.operator(now)?.label ?? (now || t.choose)}</option>}
      {all.map(({ name, label }) => (
        <option key={name} value={name}>
          {words[name] ?? label}
        </option>
      ))}
    </select>
  );
}

const uniqueOperators = <T extends { readonly name: string }>(types: { readonly [type: string]: readonly T[] }): T[] => [
  ...new Map(
    Object.values(types)
      .flat()
      .map((each) => [each.name, each]),
  ).values(),
];
