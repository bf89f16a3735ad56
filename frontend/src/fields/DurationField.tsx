import { useId, useState } from "react";
import type { DrawnProps } from "../drawer/Field";
import { Row, orDefault, shown, useForm } from "../drawer/Field";
import { own } from "../drawer/problems";
import type { Length, Unit } from "./durations";
import { UNITS, joinedDuration, splitDuration } from "./durations";
import { f } from "./messages";

/** A length of time as a number and a unit: nobody need know how it is written. */
export function DurationField({ field, value, place, name, onChange, findings, isRequired }: DrawnProps) {
  const { isOff } = useForm();
  const id = useId();
  const given = shown(field, value);
  const written = typeof given === "string" ? given : "";
  // Seven days are not turned into a week while somebody types 70 of them.
  const [typed, setTyped] = useState<Length | null>(null);
  const length = typed && joinedDuration(typed) === written ? typed : splitDuration(written);
  const problems = own(findings, []);
  const take = (next: Length) => {
    setTyped(next);
    const text = joinedDuration(next);
    if (text === "") onChange(field.nullable ? orDefault(field, null) : undefined, place);
    else onChange(orDefault(field, text), place);
  };
  return (
    <Row {...{ id, name, field, problems, isRequired }}>
      <div className="fd-pair">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          disabled={isOff}
          value={length.amount}
          aria-invalid={problems.length > 0}
          aria-describedby={`${id}-help ${id}-problems`}
          onChange={(event) => take({ ...length, amount: event.target.value })}
          onBlur={() => setTyped(null)}
        />
        <select aria-label={`${name}: ${f.unit}`} disabled={isOff} value={length.unit} onChange={(event) => take({ ...length, unit: event.target.value as Unit })}>
          {(Object.keys(UNITS) as Unit[]).map((unit) => (
            <option key={unit} value={unit}>
              {f.units[unit]}
            </option>
          ))}
        </select>
      </div>
    </Row>
  );
}
