import { useState } from "react";
import type { Problem } from "../api/client";
import { Icon } from "../ui/Icon";
import { severityIcon } from "../ui/Problems";
import type { FieldName } from "./content";
import { FIELDS, isBody } from "./content";
import type { Found } from "./ContentEditor";
import { c } from "./messages";

interface Props {
  readonly problems: Found;
  readonly goTo: (field: FieldName, line: number) => void;
}

interface Entry {
  readonly field: FieldName | null;
  readonly problem: Problem;
}

/** What is wrong, each with the way to its line: the worst in a line that is always there, the others on demand. */
export function ProblemList({ problems, goTo }: Props) {
  const [isOpen, setOpen] = useState(false);
  const fields: readonly (FieldName | null)[] = [...FIELDS, null];
  const all = fields.flatMap((field): Entry[] => (field ? problems[field] : problems.around).map((problem) => ({ field, problem })));
  const sorted = [...all].sort((left, right) => Number(left.problem.severity !== "error") - Number(right.problem.severity !== "error"));
  const errors = all.filter(({ problem }) => problem.severity === "error").length;
  const worst = sorted[0];
  const tone = errors > 0 ? "bad" : worst ? "warn" : "good";
  return (
    <div className="ct-problems">
      {isOpen && sorted.length > 1 && (
        <ul>
          {sorted.slice(1).map((entry, number) => (
            <Row key={number} {...entry} goTo={goTo} />
          ))}
        </ul>
      )}
      <div className="ct-worst">
        <span className={`ct-count ${tone}`} role="status">
          <Icon name={errors > 0 ? "error" : worst ? "warning" : "check_circle"} />
          {c.problems(errors, all.length - errors)}
        </span>
        {worst && (
          <span className="ct-worst-words" title={`${worst.problem.message} ${worst.problem.remedy}`}>
            {worst.problem.message} <span className="cv-quiet">{worst.problem.remedy}</span>
          </span>
        )}
        {worst && <LineButton {...worst} goTo={goTo} />}
        {sorted.length > 1 && (
          <button type="button" className="cv-button small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? c.fewer : c.more(sorted.length - 1)}
          </button>
        )}
      </div>
    </div>
  );
}

function LineButton({ field, problem, goTo }: Entry & Pick<Props, "goTo">) {
  const line = problem.line ?? 1;
  if (!field) return null;
  return (
    <button type="button" className="cv-button small" aria-label={c.goToLine(c.field[field], line)} onClick={() => goTo(field, line)}>
      {isBody(field) || field === "text" ? c.line(line) : c.field[field]}
    </button>
  );
}

const Row = (entry: Entry & Pick<Props, "goTo">) => (
  <li className={entry.problem.severity}>
    <Icon name={severityIcon(entry.problem.severity)} />
    <span>
      {entry.problem.message} <span className="cv-quiet">{entry.problem.remedy}</span>
    </span>
    <LineButton {...entry} />
  </li>
);
