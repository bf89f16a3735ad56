import { useRef, useState } from "react";
import type { Problem } from "../api/client";
import { t } from "../messages";
import { activitiesOf } from "../model/document";
import { useStore, useWatched } from "./context";
import { Fixes } from "./Fixes";
import { GoTo } from "./GoTo";
import { Icon } from "./Icon";

export const severityIcon = (severity: string): string => (severity === "error" ? "error" : "warning");

export const countsOf = (problems: readonly Problem[]) => ({
  errors: problems.filter(({ severity }) => severity === "error").length,
  warnings: problems.filter(({ severity }) => severity !== "error").length,
});

/** How many problems there are; opens the list of them. */
export function ProblemsButton() {
  const { problems, checking, isUnchecked, history } = useWatched();
  const [isOpen, setOpen] = useState(false);
  const { errors, warnings } = countsOf(problems);
  if (activitiesOf(history.present).length === 0) return null;
  const tone = errors ? "bad" : warnings || isUnchecked ? "warn" : "good";
  const icon = errors ? "error" : warnings ? "warning" : isUnchecked ? "sync_problem" : "check_circle";
  return (
    <div className="cv-problems">
      <button
        type="button"
        className={`cv-button cv-count ${tone}`}
        aria-expanded={isOpen}
        aria-busy={checking}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
        <span>{isUnchecked ? whileUnchecked(problems, checking) : t.problems(errors, warnings)}</span>
      </button>
      {isOpen && <ProblemsPanel onClose={() => setOpen(false)} />}
    </div>
  );
}

/** Of an earlier draft some problems are known, and of one that was never checked nothing. */
function whileUnchecked(problems: readonly Problem[], checking: boolean): string {
  const { errors, warnings } = countsOf(problems);
  const words = checking ? t.checking : t.notChecked;
  return problems.length > 0 ? `${t.problems(errors, warnings)} · ${words}` : words;
}

function ProblemsPanel({ onClose }: { onClose: () => void }) {
  const store = useStore();
  const { problems, isUnchecked } = useWatched();
  const list = useRef<HTMLUListElement>(null);
  const sorted = [...problems].sort((a, b) => Number(a.severity !== "error") - Number(b.severity !== "error"));
  return (
    <section className="cv-panel" aria-label={t.problemsTitle} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2>{t.problemsTitle}</h2>
        <button type="button" className="cv-icon-button" aria-label={t.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {isUnchecked && <p className="cv-pad cv-quiet">{t.notCheckedHelp}</p>}
      {sorted.length === 0 && !isUnchecked && <p className="cv-pad cv-quiet">{t.noProblemsHelp}</p>}
      <ul ref={list} tabIndex={-1}>
        {sorted.map((problem, number) => (
          <li key={number} className={problem.severity}>
            <Icon name={severityIcon(problem.severity)} />
            <div>
              <p>
                <span className="cv-hidden">{problem.severity === "error" ? t.error : t.warning}: </span>
                <strong>{problem.activity ? store.titleOf(problem.activity) : t.ofCampaign}</strong>
              </p>
              <p>
                {problem.message} <span className="cv-quiet">{problem.remedy}</span>
              </p>
              {problem.fixes && <Fixes problem={problem} onDone={() => list.current?.focus()} />}
            </div>
            <GoTo
              problem={problem}
              onGo={(activity, path) => {
                store.goTo(activity, path);
                onClose();
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
