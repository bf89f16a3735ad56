import { useState } from "react";
import { own } from "../model/document";
import { useStore } from "../ui/context";
import type { People } from "./api";
import { askPeople } from "./api";
import { useLoaded, useStage } from "./context";
import { r } from "./messages";
import { closeOpened } from "./closing";
import { Drawn } from "./Drawn";
import { Facts } from "./Facts";
import type { Shown } from "./shown";
import type { Opened } from "./stage";
import { shown as number } from "./words";

type Way = Extract<Opened, { is: "way" }>;

interface Kept {
  readonly round: number;
  readonly rows: number | null;
  readonly population: number | null;
  readonly kept: boolean;
}

/** Who went along a transition: how many, what is known of them there, and the first of them. */
export function WayDrawer({ way, shown }: { way: Way; shown: Shown }) {
  const stage = useStage();
  const [round, setRound] = useState(0);
  const rounds = roundsOf(way, shown);
  const chosen = rounds.find((each) => each.round === round) ?? rounds[0];
  const label = own(shown.known.ports, way.from)?.find(({ name }) => name === way.port)?.label ?? way.port;
  const title = r.arrow(shown.title(way.from), way.to ? shown.title(way.to) : r.notConnected);
  return (
    <Drawn title={title} detail={label} icon="groups" tone="" onClose={() => closeOpened(stage)}>
      {rounds.length > 1 && (
        <div className="cv-field">
          <label htmlFor="cv-round">{r.round}</label>
          <select id="cv-round" value={chosen?.round ?? 0} onChange={(event) => setRound(Number(event.target.value))}>
            {rounds.map((each) => (
              <option key={each.round} value={each.round}>
                {each.round === 0 ? r.firstRound : r.roundNumber(each.round)}
                {each.rows === null ? "" : `: ${r.people(number(each.rows))}`}
              </option>
            ))}
          </select>
        </div>
      )}
      {chosen && chosen.rows !== null && <Facts facts={[[r.population, r.people(number(chosen.rows))]]} />}
      {chosen?.kept && chosen.population !== null ? (
        <Population key={chosen.population} run={shown.run.id} population={chosen.population} />
      ) : (
        <p className="cv-quiet">{chosen && chosen.rows !== null ? r.notKept : r.notCounted}</p>
      )}
    </Drawn>
  );
}

const roundsOf = (way: Way, { run }: Shown): Kept[] =>
  run.rounds.flatMap(({ number: round, activities }) =>
    activities
      .filter(({ id }) => id === way.from)
      .flatMap(({ ports }) => ports)
      .filter(({ port }) => port === way.port)
      .map(({ rows, population, kept }) => ({ round, rows, population, kept })),
  );

function Population({ run, population }: { run: number; population: number }) {
  const { client } = useStore();
  const first = useLoaded((signal) => askPeople(client, run, population, "", signal), String(population));
  const [more, setMore] = useState<readonly People[]>([]);
  if (!first.value) return <p className="cv-quiet">{first.hasFailed ? r.notLoadedPart : r.acting}</p>;
  const pages = [first.value, ...more];
  const last = pages.at(-1);
  const load = async (after: string) => {
    const page = await askPeople(client, run, population, after).catch(() => null);
    if (page) setMore((before) => [...before, page]);
  };
  return (
    <>
      <Schema people={first.value} />
      <h3>{r.rows}</h3>
      {first.value.masked && <p className="cv-help">{r.masked}</p>}
      {first.value.rows.length === 0 ? <p className="cv-quiet">{r.noRows}</p> : <Rows labels={first.value.labels} rows={pages.flatMap(({ rows }) => rows)} />}
      {last?.next && (
        <button type="button" className="cv-button small" onClick={() => last.next && void load(last.next)}>
          {r.more}
        </button>
      )}
    </>
  );
}

const Schema = ({ people }: { people: People }) => (
  <>
    <h3>{r.schema}</h3>
    <table className="cv-table">
      <thead>
        <tr>
          <th scope="col">{r.column}</th>
          <th scope="col">{r.type}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>{r.key}</td>
          <td className="cv-quiet">{people.dimension}</td>
        </tr>
        {people.columns.map(({ name, label, type }) => (
          <tr key={name}>
            <td>{label}</td>
            <td className="cv-quiet">{type}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </>
);

const Rows = ({ labels, rows }: { labels: readonly string[]; rows: People["rows"] }) => (
  <div className="cv-scroll" tabIndex={0} role="region" aria-label={r.rows}>
    <table className="cv-table" data-people>
      <thead>
        <tr>
          {labels.map((label, index) => (
            <th key={index} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((value, column) => (
              <td key={column}>{value ?? <span className="cv-quiet">{r.empty}</span>}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
