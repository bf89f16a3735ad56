import type { ReactNode } from "react";
import { t } from "../messages";
import { Icon } from "../ui/Icon";
import { useStage, useStaged } from "./context";
import { r } from "./messages";
import { markOf } from "./picture";
import type { Shown } from "./shown";
import { StateMark } from "./StateMark";
import { duration, moment, zone } from "./words";

/** Which run this is, how it stands, and what can be done with it. */
export function RunBar({ id, shown, compared, acts }: { id: number; shown: Shown | null; compared: ReactNode; acts: ReactNode }) {
  const stage = useStage();
  const { view } = useStaged();
  return (
    <div className="cv-tools cv-run-bar" data-run={id} data-run-state={shown?.run.state ?? ""}>
      <button type="button" className="cv-button" onClick={stage.leave}>
        <Icon name="edit" />
        <span>{r.backToDraft}</span>
      </button>
      <div className="cv-switch" role="group" aria-label={t.view}>
        <button type="button" aria-pressed={view === "canvas"} onClick={() => stage.show("canvas")}>
          <Icon name="schema" />
          <span>{t.canvas}</span>
        </button>
        <button type="button" aria-pressed={view === "outline"} onClick={() => stage.show("outline")}>
          <Icon name="format_list_bulleted" />
          <span>{t.outline}</span>
        </button>
      </div>
      {shown && <Facts shown={shown} />}
      {!shown && <span className="cv-space" />}
      {shown && compared}
      <div className="cv-run-acts">{acts}</div>
    </div>
  );
}

function Facts({ shown: { run, now } }: { shown: Shown }) {
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  const facts = [
    run.version === null ? r.ofDraft : r.ofVersion(run.version),
    r.started(`${moment(run.started_at)} ${zone()}`),
    run.started_by === null ? r.byItself : r.startedBy(run.started_by),
    run.kind === "test" ? (run.real_waits ? r.realWaits : "") : "",
    duration(end - Date.parse(run.started_at)),
  ].filter(Boolean);
  return (
    <div className="cv-run-facts">
      <h2>{r.run(run.kind, run.id)}</h2>
      <StateMark {...markOf(run)} />
      <span className="cv-quiet" title={facts.join(" · ")}>
        {facts.join(" · ")}
      </span>
    </div>
  );
}
