import { portLabel } from "../model/kinds";
import { useStore } from "../ui/context";
import { shown } from "../runs/words";
import type { Forecast } from "./api";
import { p } from "./messages";

type Port = Forecast["ports"][number];
type Rows = Port["samples"]["enter"];

/** The first who would enter and leave each port since the last run, folded away. */
export function Movers({ found }: { found: Forecast }) {
  const store = useStore();
  const labelOf = ({ activity, port }: Port) => portLabel(store.state.known, store.document, activity, port);
  const moved = found.ports.filter(({ samples }) => samples.enter.length + samples.leave.length > 0);
  if (moved.length === 0) return null;
  return (
    <details className="cv-section">
      <summary>{found.compared_with ? p.movers(found.compared_with.run) : p.allNew}</summary>
      {moved.map((port) => (
        <section key={`${port.activity} ${port.port}`} aria-label={`${store.titleOf(port.activity)} · ${labelOf(port)}`}>
          <h4>
            {store.titleOf(port.activity)} <span className="cv-quiet">{labelOf(port)}</span>
          </h4>
          <People title={p.entering(shown(port.enter ?? 0))} rows={port.samples.enter} />
          <People title={p.leaving(shown(port.leave ?? 0))} rows={port.samples.leave} />
        </section>
      ))}
    </details>
  );
}

function People({ title, rows }: { title: string; rows: Rows }) {
  if (rows.length === 0) return null;
  return (
    <>
      <p>{title}</p>
      <ul>
        {rows.map((row, number) => (
          <li key={number}>{row.filter(Boolean).join(" · ")}</li>
        ))}
      </ul>
    </>
  );
}
