import { lazy, Suspense, useId, useState } from "react";
import type { DrawnProps } from "../drawer/Field";
import { Row, orDefault, shown, useForm } from "../drawer/Field";
import { JsonField } from "../drawer/JsonField";
import { own } from "../drawer/problems";
import { Icon } from "../ui/Icon";
import { f } from "./messages";

const NamePicker = lazy(() => import("./NamePicker"));

/** The name of an attribute or of links: chosen from those there are, or typed by whoever knows it. */
export const nameField = (kind: "attribute" | "link") =>
  function NameField(props: DrawnProps) {
    const { field, value, place, name, onChange, findings, isRequired } = props;
    const { isOff } = useForm();
    const id = useId();
    const [isOpen, setOpen] = useState(false);
    const given = shown(field, value);
    if (given !== null && typeof given !== "string") return <JsonField {...props} />;
    const problems = own(findings, []);
    const take = (text: string) => {
      if (text === "") onChange(field.nullable ? orDefault(field, null) : isRequired ? "" : undefined, place);
      else onChange(orDefault(field, text), place);
    };
    return (
      <Row {...{ id, name, field, problems, isRequired }}>
        <div className="fd-pair">
          <input
            id={id}
            type="text"
            autoComplete="off"
            spellCheck={false}
            disabled={isOff}
            value={given ?? ""}
            aria-invalid={problems.length > 0}
            aria-describedby={`${id}-help ${id}-problems`}
            onChange={(event) => take(event.target.value)}
          />
          {!isOff && (
            <button type="button" className="cv-icon-button fd-choose" aria-haspopup="dialog" aria-label={`${f.choose}: ${name}`} title={f.choose} onClick={() => setOpen(true)}>
              <Icon name="manage_search" />
            </button>
          )}
        </div>
        {isOpen && (
          <Suspense fallback={null}>
            <NamePicker
              {...{ kind, place }}
              node={field.node}
              onChoose={(chosen) => {
                setOpen(false);
                take(chosen);
              }}
              onClose={() => setOpen(false)}
            />
          </Suspense>
        )}
      </Row>
    );
  };
