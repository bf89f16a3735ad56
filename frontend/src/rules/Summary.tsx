import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { useDesk } from "./desk";
import { number, t } from "./messages";

/** The rule in plain words, how many it finds, and what keeps it from being told. */
export function Summary({ about }: { about: About }) {
  const { evaluation, library, root } = useDesk();
  const { state, sentence, left, counts, total, isComplete, reason, isStale } = evaluation;
  const rows = library.table(about.table)?.label ?? t.rows;
  if (about.table === "" && about.columns.length > 0) return <p className="rb-summary cv-quiet">{t.linesOfFile}</p>;
  return (
    <div className={isStale ? "rb-summary is-stale" : "rb-summary"} aria-live="polite" aria-busy={isStale || state === "waiting" || state === "counting"} data-evaluation={state}>
      <p className="rb-sentence">{sentence || (root === null ? t.everybody : t.noSentence)}</p>
      <p className="rb-total">
        <Icon name={state === "needs_a_run" ? "directions_run" : "group"} />
        {total !== null ? (
          <strong data-total={isStale ? undefined : total}>{t.countOf(number(total), rows)}</strong>
        ) : (
          <span className="cv-quiet">{stateWords(state, reason, counts.get("")?.reason ?? "")}</span>
        )}
      </p>
      {left > 0 && (
        <p className="rb-left">
          <Icon name="edit_note" />
          {t.unfinished(left)}
        </p>
      )}
      {state === "counted" && !isComplete && (
        <p className="rb-left">
          <Icon name="timer_off" />
          {t.incomplete}
        </p>
      )}
    </div>
  );
}

function stateWords(state: string, reason: string, whole: string): string {
  switch (state) {
    case "needs_a_run":
      return t.needsRun;
    case "failed":
      return reason || t.noAnswer;
    case "counted":
      return whole || t.counting;
    case "counting":
      return t.counting;
    default:
      return "";
  }
}
