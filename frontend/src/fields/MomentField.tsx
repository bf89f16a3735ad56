import { useId } from "react";
import type { DrawnProps } from "../drawer/Field";
import { Row, orDefault, shown, useForm } from "../drawer/Field";
import { own } from "../drawer/problems";
import type { Moment } from "./moments";
import { inputFor } from "./moments";

/** A date, a time or both, by the browser's own field: it knows the reader's way of writing them. */
export const momentField = (kind: Moment) =>
  function MomentField({ field, value, place, name, onChange, findings, isRequired }: DrawnProps) {
    const { isOff } = useForm();
    const id = useId();
    const given = shown(field, value);
    const written = typeof given === "string" ? given : "";
    const problems = own(findings, []);
    const take = (text: string) => {
      if (text === "") onChange(field.nullable ? orDefault(field, null) : undefined, place);
      else onChange(orDefault(field, text), place);
    };
    return (
      <Row {...{ id, name, field, problems, isRequired }}>
        <input
          id={id}
          type={inputFor(kind, written)}
          className="fd-moment"
          disabled={isOff}
          value={written}
          aria-invalid={problems.length > 0}
          aria-describedby={`${id}-help ${id}-problems`}
          onChange={(event) => take(event.target.value)}
        />
      </Row>
    );
  };
