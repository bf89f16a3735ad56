import { useRef, useState } from "react";
import { ProblemTexts } from "../drawer/Field";
import type { About } from "./about";
import { endOf } from "./about";
import { BodyView, ModeChoice } from "./BodyView";
import { ConditionForm } from "./ConditionForm";
import { CountMark } from "./CountMark";
import { useDesk } from "./desk";
import { isDrawn } from "./forms";
import { LinkedForm } from "./LinkedForm";
import { t } from "./messages";
import { FilterForm, JsonForm, MemberForm } from "./OtherForms";
import { RowMenu } from "./RowMenu";
import { actOn } from "./rowKeys";
import type { Path, Rule } from "./tree";
import { bodyAt, isGroup, pointer } from "./tree";

interface Props {
  readonly path: Path;
  readonly rule: Rule | unknown;
  readonly about: About;
  readonly joint: string;
}

/** One condition, or a group of them, with its handle, its count and what is wrong with it. */
export function NodeView({ path, rule, about, joint }: Props) {
  const desk = useDesk();
  const place = pointer(path);
  const row = useRef<HTMLLIElement>(null);
  const [isOpen, setOpen] = useState(false);
  const isNested = isGroup(rule as Rule);
  const problems = desk.problems.get(place) ?? [];
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.defaultPrevented || (event.target as HTMLElement).closest("li.rb-item") !== row.current) return;
    if ((event.target as HTMLElement).closest("dialog") !== row.current?.closest("dialog")) return;
    if (actOn(event, desk, path)) event.preventDefault();
  };
  return (
    <li className={`rb-item ${isNested ? "is-group" : ""} ${problems.length > 0 ? "has-problem" : ""}`} data-at={place} ref={row} onKeyDown={onKeyDown}>
      {joint && <span className="rb-joint">{joint}</span>}
      <div className="rb-row">
        <RowMenu path={path} about={about} isOpen={isOpen} onOpen={setOpen} />
        <div className="rb-content">
          {isNested ? <NestedGroup path={path} about={about} /> : <Form path={path} rule={rule as Rule} about={about} />}
          <ProblemTexts problems={problems.filter(({ position }) => position === undefined || !about.table)} />
        </div>
        <CountMark place={place} about={about} />
      </div>
    </li>
  );
}

function NestedGroup({ path, about }: { path: Path; about: About }) {
  const { root } = useDesk();
  const body = bodyAt(root, path);
  return (
    <div className="rb-group" role="group" aria-label={t.group}>
      {body.items.length < 2 && (
        <div className="rb-line">
          <ModeChoice body={body} />
        </div>
      )}
      <BodyView place={path} about={about} />
    </div>
  );
}

function Form({ path, rule, about }: { path: Path; rule: Rule; about: About }) {
  const { library } = useDesk();
  if (!isDrawn(rule)) return <JsonForm path={path} rule={rule} />;
  switch (rule["kind"]) {
    case "condition":
      return <ConditionForm path={path} rule={rule} about={about} />;
    case "member":
      return <MemberForm path={path} rule={rule} about={about} />;
    case "filter":
      return <FilterForm path={path} rule={rule} about={about} />;
    default:
      return <LinkedForm path={path} rule={rule} about={about} inner={{ table: endOf(about.table, String(rule["link"]), library.table) ?? "", columns: [] }} />;
  }
}
