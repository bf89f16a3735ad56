import { useMemo } from "react";
import type { ReactNode } from "react";
import { Rates } from "../canvas/LifeOf";
import { Properties } from "../drawer/compound";
import { FormContext } from "../drawer/Field";
import { activityOf, own, portOf, transitionsOf } from "../model/document";
import { kindOf, leaving } from "../model/kinds";
import type { Node } from "../model/schema";
import { Schema } from "../model/schema";
import { useStore, useWatched } from "../ui/context";
import { copyText } from "../ui/copying";
import { Icon } from "../ui/Icon";
import type { RunActivity, Task } from "./api";
import { askTasks } from "./api";
import { useLoaded, useStage } from "./context";
import { Deliveries } from "./Deliveries";
import { closeOpened } from "./closing";
import { Drawn } from "./Drawn";
import { Facts } from "./Facts";
import { Log } from "./Log";
import { r } from "./messages";
import { iconOf, toneOf } from "./picture";
import type { Shown } from "./shown";
import { StateMark } from "./StateMark";
import { duration, moment, shown as number } from "./words";

/** One activity as it was run: how it went, its messages, its settings, its SQL, its log. */
export function RunDrawer({ id, shown }: { id: string; shown: Shown }) {
  const stage = useStage();
  const store = useStore();
  const { run, document, known } = shown;
  const activity = activityOf(document, id);
  const counted = run.activities.find((each) => each.id === id);
  const tasks = useLoaded((signal) => askTasks(store.client, run.id, id, signal), `${id} ${counted?.state} ${run.rounds.length}`);
  if (!activity || !counted) return null;
  const kind = kindOf(known, activity);
  return (
    <Drawn title={shown.title(id)} detail={kind?.label ?? activity.type} icon={kind?.icon ?? "help"} tone={kind?.category ?? ""} onClose={() => closeOpened(stage)}>
      <Course counted={counted} shown={shown} />
      <Deliveries id={id} shown={shown} />
      <Results id={id} shown={shown} />
      <Flow counted={counted} shown={shown} />
      <Section title={r.settingsAsRun}>
        <Settings id={id} shown={shown} />
      </Section>
      <Section title={r.sql}>
        <Statements tasks={tasks.value} hasFailed={tasks.hasFailed} />
      </Section>
      <Section title={r.tasks}>
        <Tasks tasks={tasks.value} hasFailed={tasks.hasFailed} />
      </Section>
      <Section title={r.log}>
        <Log run={run.id} activity={id} mark={`${counted.state} ${run.state_changed_at}`} />
      </Section>
    </Drawn>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <details className="cv-section">
    <summary>{title}</summary>
    <div>{children}</div>
  </details>
);

function Course({ counted, shown: { run, now } }: { counted: RunActivity; shown: Shown }) {
  const store = useStore();
  const stage = useStage();
  const { state, started_at, finished_at, due_at, attempts, problem } = counted;
  const end = finished_at === null ? now : Date.parse(finished_at);
  const facts: (readonly [string, ReactNode])[] = [
    ...(started_at ? [[r.began, moment(started_at)] as const] : []),
    ...(finished_at ? [[r.finished, moment(finished_at)] as const] : []),
    ...(started_at ? [[r.duration, duration(end - Date.parse(started_at))] as const] : []),
    ...(state === "waiting" && due_at ? [[r.dueAt, moment(due_at)] as const] : []),
    ...(attempts > 1 || state === "failed" ? [[r.attempts, number(attempts)] as const] : []),
  ];
  return (
    <section aria-label={r.overview}>
      <StateMark icon={iconOf(state)} tone={toneOf(state)} words={r.activityState[state ?? "none"] ?? ""} isTurning={state === "running"} />
      {problem && (
        <div className="cv-problem-box" role="alert">
          <p>{problem}</p>
          <div>
            {state === "failed" && run.acts.includes("retry") && (
              <button type="button" className="cv-button small primary" onClick={() => void stage.act(run, "retry", counted.id)}>
                <Icon name="replay" />
                {r.tryAgain}
              </button>
            )}
            {store.mayEdit && (
              <button type="button" className="cv-button small" onClick={() => stage.mend(counted.id)}>
                <Icon name="edit" />
                {r.editDraft}
              </button>
            )}
          </div>
        </div>
      )}
      {facts.length > 0 && <Facts facts={facts} />}
    </section>
  );
}

/** Only of what has been sent, with the way to the whole report. */
function Results({ id, shown }: { id: string; shown: Shown }) {
  const { told } = useStore();
  const rates = shown.happening.lives.get(id)?.rates ?? [];
  if (rates.length === 0) return null;
  return (
    <section aria-label={r.rates}>
      <h3>{r.rates}</h3>
      <Rates rates={rates} />
      <p className="cv-help">{r.ratesHelp}</p>
      {told.pages["report"] && (
        <a className="cv-button small" href={`${told.pages["report"]}?run=${shown.run.id}&activity=${encodeURIComponent(id)}`}>
          <Icon name="bar_chart" />
          {r.report}
        </a>
      )}
    </section>
  );
}

/** Who came and who left, by each way out, connected or not. */
function Flow({ counted, shown }: { counted: RunActivity; shown: Shown }) {
  const stage = useStage();
  const labels = new Map((own(shown.known.ports, counted.id) ?? []).map(({ name, label }) => [name, label]));
  const targets = new Map(leaving(shown.document, counted.id).map((each) => [portOf(each), each.to]));
  const isFed = transitionsOf(shown.document).some(({ to }) => to === counted.id);
  if (!isFed && counted.ports.length === 0) return null;
  return (
    <section aria-label={r.outflow}>
      {isFed && counted.rows_in !== null && <Facts facts={[[r.inflow, r.people(number(counted.rows_in))]]} />}
      {counted.ports.length > 0 && <h3>{r.outflow}</h3>}
      <ul className="cv-ways">
        {counted.ports.map(({ port, rows, activated }) => (
          <li key={port}>
            <span>
              {labels.get(port) ?? port}
              <small>{targets.has(port) ? shown.title(targets.get(port) ?? "") : r.notConnected}</small>
            </span>
            {activated && rows !== null ? (
              <button type="button" className="cv-button small" onClick={() => stage.open({ is: "way", from: counted.id, port, to: targets.get(port) ?? "" })}>
                {r.people(number(rows))}
              </button>
            ) : (
              <span className="cv-quiet">{activated ? r.notCounted : r.notTaken}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same form as in the draft, only to be read. */
function Settings({ id, shown: { document, known } }: { id: string; shown: Shown }) {
  const { choices } = useWatched();
  const activity = activityOf(document, id);
  const settings = activity && (kindOf(known, activity)?.settings as Node | undefined);
  const schema = useMemo(() => new Schema(settings ?? {}), [settings]);
  if (!activity || !settings) return null;
  return (
    <FormContext.Provider value={{ schema, around: { document, known, choices, id }, isOff: true }}>
      <div className="cv-as-run">
        <Properties node={settings} value={activity.config} place="" findings={[]} onChange={() => undefined} />
      </div>
    </FormContext.Provider>
  );
}

interface TasksProps {
  readonly tasks: readonly Task[] | null;
  readonly hasFailed: boolean;
}

function Statements({ tasks, hasFailed }: TasksProps) {
  const store = useStore();
  if (!tasks) return <p className="cv-quiet">{hasFailed ? r.notLoadedPart : r.acting}</p>;
  const told = tasks.filter(({ statements }) => statements);
  const copy = async (text: string) => ((await copyText(text)) ? store.notify(r.copied) : store.notify(r.notCopied, "bad"));
  if (told.length === 0) return <p className="cv-quiet">{r.noSql}</p>;
  return told.map(({ id, round, statements }) => (
    <figure key={id} className="cv-sql">
      <figcaption>
        {tasks.length > 1 && r.task(round)}
        <button type="button" className="cv-button small" onClick={() => void copy(statements)}>
          <Icon name="content_copy" />
          {r.copySql}
        </button>
      </figcaption>
      <pre tabIndex={0}>{statements}</pre>
    </figure>
  ));
}

function Tasks({ tasks, hasFailed }: TasksProps) {
  if (!tasks) return <p className="cv-quiet">{hasFailed ? r.notLoadedPart : r.acting}</p>;
  return (
    <ol className="cv-tasks">
      {tasks.map((task) => (
        <li key={task.id}>
          <h4>{r.task(task.round)}</h4>
          <StateMark icon={iconOf(task.state)} tone={toneOf(task.state)} words={r.activityState[task.state] ?? task.state} />
          <Facts facts={timesOf(task)} />
          {task.problem && <p className="bad">{task.problem}</p>}
        </li>
      ))}
    </ol>
  );
}

const timesOf = ({ queued_at, started_at, finished_at, attempts, rows_in }: Task): (readonly [string, string])[] => [
  ...(queued_at ? [[r.queued, moment(queued_at)] as const] : []),
  ...(started_at ? [[r.began, moment(started_at)] as const] : []),
  ...(finished_at ? [[r.finished, moment(finished_at)] as const] : []),
  [r.attempts, number(attempts)],
  ...(rows_in === null ? [] : [[r.inflow, number(rows_in)] as const]),
];
