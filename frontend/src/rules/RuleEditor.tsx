import { useEffect, useRef } from "react";
import { ProblemTexts } from "../drawer/Field";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { BodyView } from "./BodyView";
import { useDesk } from "./desk";
import { t } from "./messages";
import { conditionsOf, startsOf } from "./offers";
import { added } from "./tree";
import type { Opened } from "./useRule";

interface Props {
  readonly about: About;
  readonly goal: Opened["goal"];
  readonly isPlaced: boolean;
}

/** The conditions of a rule, from the outermost in. The focus follows what was edited. */
export function RuleEditor({ about, goal, isPlaced }: Props) {
  const desk = useDesk();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (goal && frame.current && isFront(frame.current)) focusOn(frame.current, goal);
  }, [goal]);
  if (isPlaced && !about.table && about.columns.length === 0 && desk.root === null) {
    return (
      <p className="rb-notice" role="status">
        <Icon name="info" />
        {t.nobodyYet}
      </p>
    );
  }
  return (
    <div className="rb-editor" ref={frame}>
      {desk.root === null && <p className="cv-quiet">{t.everybody}</p>}
      <BodyView place={[]} about={about} />
      {desk.root === null && !desk.isOff && <Starts about={about} />}
      <ProblemTexts problems={rootProblems(desk)} />
    </div>
  );
}

/** What one might begin with: what was used lately, and what people are linked to. */
function Starts({ about }: { about: About }) {
  const { library, place, edit, root } = useDesk();
  const offers = startsOf(conditionsOf(about, place, library));
  if (offers.length === 0) return null;
  return (
    <div className="rb-starts" role="group" aria-label={t.beginWith}>
      <span className="cv-quiet">{t.beginWith}</span>
      {offers.map(({ key, label, icon, value }) => (
        <button key={key} type="button" className="cv-button small" onClick={() => value.add === "rule" && edit(added(root, [], [value.rule]), "form")}>
          <Icon name={icon} />
          {label}
        </button>
      ))}
    </div>
  );
}

/** Problems of the whole rule, where it is a list; those of a single condition stand beside it. */
const rootProblems = ({ problems, root }: ReturnType<typeof useDesk>) => {
  const isList = root === null || (typeof root === "object" && !Array.isArray(root) && "of" in root);
  return isList ? (problems.get("") ?? []) : [];
};

/** The small editor in the drawer stays as it is while the dialog lies before it. */
const isFront = (frame: HTMLElement): boolean => {
  const open = [...document.querySelectorAll("dialog[open].rb-full")].at(-1);
  return !open || open.contains(frame);
};

function focusOn(frame: HTMLElement, { place, part }: NonNullable<Opened["goal"]>): void {
  const row = [...frame.querySelectorAll<HTMLElement>("[data-at]")].find((each) => each.dataset["at"] === place);
  const add = [...frame.querySelectorAll<HTMLElement>("[data-add]")].find((each) => each.dataset["add"] === place) ?? frame.querySelector<HTMLElement>("[data-add]");
  const form = row?.querySelector<HTMLElement>(".rb-content :is(input, select, textarea, button.is-empty):not(:disabled)");
  const handle = row?.querySelector<HTMLElement>(".rb-handle");
  const target = row ? (part === "form" ? (firstBlank(row) ?? form ?? handle) : (handle ?? form)) : add;
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

/** What is still to be filled in of a new condition. */
const firstBlank = (row: HTMLElement): HTMLElement | undefined =>
  [...row.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLButtonElement>(".rb-content :is(input, select, textarea, .rb-attribute.is-empty)")].find((each) =>
    each instanceof HTMLButtonElement ? true : each.value === "",
  );
