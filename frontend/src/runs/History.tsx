import { useState } from "react";
import { useStore } from "../ui/context";
import { Dialog } from "../ui/Dialog";
import type { Listed, Page } from "./api";
import { askLaunches, askRuns, nextPage } from "./api";
import { useLoaded, useStage, useStaged } from "./context";
import { r } from "./messages";
import { iconOf, toneOf } from "./picture";
import { StateMark } from "./StateMark";
import { duration, inZone, moment, shown as number, zone } from "./words";

const KINDS = ["", "live", "test"] as const;

/** Every run of the campaign; each opens as it was. */
export function History() {
  const stage = useStage();
  const { client, told } = useStore();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("");
  const first = useLoaded((signal) => askRuns(client, told.slug, `&page_size=20${kind && `&kind=${kind}`}`, signal), kind);
  const [later, setLater] = useState<{ readonly of: Page<Listed>; readonly page: Page<Listed> } | null>(null);
  const more = later && later.of === first.value ? later.page : null;
  const next = (more ?? first.value)?.next ?? null;
  const rows = [...(first.value?.rows ?? []), ...(more?.rows ?? [])];
  const load = async (path: string, of: Page<Listed>) => {
    const page = await nextPage<Listed>(client, path).catch(() => null);
    if (page) setLater({ of, page: { rows: [...(more?.rows ?? []), ...page.rows], next: page.next } });
  };
  return (
    <Dialog title={r.runsTitle} onClose={() => stage.ask(null)} className="cv-history">
      <div className="cv-dialog-body">
        <div className="cv-history-head">
          <p className="cv-quiet">{r.runsHelp}</p>
          <div className="cv-switch" role="group" aria-label={r.what}>
            {KINDS.map((each) => (
              <button key={each} type="button" aria-pressed={kind === each} onClick={() => setKind(each)}>
                {each === "" ? r.all : r.kind[each]}
              </button>
            ))}
          </div>
        </div>
        {!first.value && <p className="cv-quiet cv-pad">{first.hasFailed ? r.notLoadedPart : r.acting}</p>}
        {first.value && rows.length === 0 && <p className="cv-quiet cv-pad">{r.noRuns}</p>}
        {rows.length > 0 && <RunTable rows={rows} />}
        {next !== null && (
          <button type="button" className="cv-button small" onClick={() => first.value && void load(next, first.value)}>
            {r.more}
          </button>
        )}
        <Missed />
      </div>
    </Dialog>
  );
}

function RunTable({ rows }: { rows: readonly Listed[] }) {
  return (
    <table className="cv-table cv-runs">
      <thead>
        <tr>
          {[r.what, r.state, `${r.when} (${zone()})`, r.took, r.reach, r.who].map((name) => (
            <th key={name} scope="col" className={name === r.reach ? "num" : ""}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { run: Listed }) {
  const stage = useStage();
  const { run: current } = useStaged();
  const waits = run.awaits_confirmation && run.state === "running";
  const end = run.finished_at === null ? null : Date.parse(run.finished_at) - Date.parse(run.started_at);
  return (
    <tr aria-current={current === run.id || undefined} data-run={run.id}>
      <th scope="row">
        <button type="button" className="cv-link" onClick={() => stage.watch(run.id)}>
          {r.run(run.kind, run.id)}
        </button>
        {run.version !== null && <small>{r.ofVersion(run.version)}</small>}
      </th>
      <td data-label={r.state}>
        {waits ? <StateMark icon="front_hand" tone="warn" words={r.waitsForYou} /> : <StateMark icon={iconOf(run.state)} tone={toneOf(run.state)} words={r.runState[run.state] ?? run.state} />}
      </td>
      <td data-label={r.when}>{moment(run.started_at)}</td>
      <td data-label={r.took}>{end === null ? "–" : duration(end)}</td>
      <td data-label={r.reach} className="num">
        {run.people === null ? "–" : number(run.people)}
      </td>
      <td data-label={r.who}>{run.started_by ?? r.byItself}</td>
    </tr>
  );
}

/** Launches that were due and did not happen, with the reason. */
function Missed() {
  const { client, told } = useStore();
  const { value } = useLoaded((signal) => askLaunches(client, told.slug, "published", signal), "");
  const missed = (value?.results ?? []).filter(({ state }) => state !== "launched");
  if (!value || missed.length === 0) return null;
  return (
    <section className="cv-missed">
      <h3>{r.notLaunched}</h3>
      <ul>
        {missed.map((each) => (
          <li key={each.planned_at}>
            {inZone(each.planned_at, value.time_zone)} <span className="cv-quiet">{each.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
