import { useMemo } from "react";
import { t } from "../messages";
import { keyOf } from "../model/document";
import { kindOf } from "../model/kinds";
import type { Row } from "../outline/rows";
import { flowRows } from "../outline/rows";
import { Icon } from "../ui/Icon";
import { Rates } from "../canvas/LifeOf";
import { useStage, useStaged } from "./context";
import { r } from "./messages";
import type { Shown } from "./shown";
import { StateMark } from "./StateMark";

/** The run as a list: what the drawing says, in the order of the flow. */
export function RunOutline({ shown }: { shown: Shown }) {
  const { document, known } = shown;
  const rows = useMemo(() => flowRows(document, known), [document, known]);
  return (
    <div className="cv-outline">
      <ul aria-label={t.outline} className="cv-run-rows">
        {rows.map((row) => (row.is === "activity" ? <ActivityRow key={row.key} row={row} shown={shown} /> : <WayRow key={row.key} row={row} shown={shown} />))}
      </ul>
    </div>
  );
}

function ActivityRow({ row: { activity, number, key }, shown }: { row: Extract<Row, { is: "activity" }>; shown: Shown }) {
  const stage = useStage();
  const { open } = useStaged();
  const kind = kindOf(shown.known, activity);
  const life = shown.happening.lives.get(activity.id);
  const isOpen = open?.is === "activity" && open.id === activity.id;
  return (
    <li className={`cv-row ${isOpen ? "is-open" : ""}`} data-row={key} data-state={life?.state}>
      <span className="cv-number">{number}</span>
      <span className={`cv-glyph tone-${kind?.category ?? ""}`}>
        <Icon name={kind?.icon ?? "help"} />
      </span>
      <div className="cv-row-words">
        <button type="button" data-key={key} className="cv-link" aria-expanded={isOpen} onClick={() => stage.open({ is: "activity", id: activity.id })}>
          {shown.title(activity.id)}
        </button>
        <small>{kind?.label ?? activity.type}</small>
        {life?.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {life?.problem && <p className="bad">{life.problem}</p>}
        {life && life.rates.length > 0 && <Rates rates={life.rates} />}
      </div>
      {life && <StateMark icon={life.icon} tone={life.tone} words={life.words} isTurning={life.state === "running"} />}
    </li>
  );
}

function WayRow({ row: { activity, port, transition }, shown }: { row: Extract<Row, { is: "way" }>; shown: Shown }) {
  const stage = useStage();
  const way = `${activity.id} ${port.name}`;
  const count = shown.happening.counts.get(way);
  const isDead = shown.happening.dead.has(way);
  const to = transition ? shown.title(transition.to) : port.leads_back ? t.leadsBack : r.notConnected;
  return (
    <li className={`cv-row cv-way ${isDead ? "is-dead" : ""}`} data-way={transition ? keyOf(transition) : way}>
      <Icon name={port.leads_back ? "replay" : "subdirectory_arrow_right"} />
      <span className="cv-row-words">
        <span className="cv-port-name">{port.label}</span>
        <span className="cv-quiet">{to}</span>
      </span>
      {count && !isDead ? (
        <button
          type="button"
          className="cv-button small cv-way-count"
          data-key={transition ? keyOf(transition) : way}
          aria-label={`${port.label}, ${to}: ${r.showPeople(count)}`}
          onClick={() => stage.open({ is: "way", from: activity.id, port: port.name, to: transition?.to ?? "" })}
        >
          {r.people(count)}
          {shown.happening.changes.get(way) && <small>{shown.happening.changes.get(way)}</small>}
        </button>
      ) : (
        <span className="cv-quiet">{isDead ? r.notTaken : count === undefined ? "" : r.notCounted}</span>
      )}
    </li>
  );
}
