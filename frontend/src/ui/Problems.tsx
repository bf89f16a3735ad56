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
  const { problems, checking, history } = useWatched();
  const [isOpen, setOpen] = useState(false);
  const { errors, warnings } = countsOf(problems);
  if (activitiesOf(history.present).length === 0) return null;
  const tone = errors ? "bad" : warnings ? "warn" : "good";
  return (
    <div className="cv-problems">
      <button
        type="button"
        className={`cv-button cv-count ${tone}`}
        aria-expanded={isOpen}
        aria-busy={checking}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={errors ? "error" : warnings ? "warning" : "check_circle"} />
        <span>{t.problems(errors, warnings)}</span>
      </button>
      {isOpen && <ProblemsPanel onClose={() => setOpen(false)} />}
    </div>
  );
}

function ProblemsPanel({ onClose }: { onClose: () => void }) {
  const store = useStore();
  const { problems } = useWatched();
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
      {sorted.length === 0 && <p className="cv-pad cv-quiet">{t.noProblemsHelp}</p>}
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
