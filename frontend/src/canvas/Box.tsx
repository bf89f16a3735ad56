import type { NodeProps } from "@xyflow/react";
import { Handle, Position, useUpdateNodeInternals } from "@xyflow/react";
import { memo, useEffect, useRef } from "react";
import { t } from "../messages";
import type { Port } from "../model/kinds";
import { useStore } from "../ui/context";
import { useAsk } from "../ui/dialogs";
import { Icon } from "../ui/Icon";
import { TitleInput } from "../ui/TitleInput";
import { LifeOf } from "./LifeOf";
import type { BoxNode } from "./drawn";

/** One activity: what it is called, what it is, and its ways out with their names. */
export const Box = memo(function Box({ id, data, selected }: NodeProps<BoxNode>) {
  const store = useStore();
  const names = data.ports.map(({ name }) => name).join(" ");
  const remeasure = useUpdateNodeInternals();
  const lines = data.life ? `${data.life.lines.length} ${data.life.rates.length} ${data.life.share === null}` : "";
  const isDrawn = useRef(false);
  useEffect(() => {
    // At first all are measured together, or the view would be fitted to the one that was measured alone.
    if (isDrawn.current) remeasure(id);
    isDrawn.current = true;
  }, [id, names, lines, remeasure]);
  return (
    <div
      className={`cv-box tone-${data.category} ${selected ? "is-selected" : ""} ${data.errors ? "has-errors" : ""} ${data.life ? `is-${data.life.state}` : ""}`}
      data-activity={id}
    >
      {data.takesInbound && <Handle type="target" id="in" position={Position.Left} className="cv-handle-in" />}
      <div className="cv-box-head">
        <span className={`cv-glyph tone-${data.category}`}>
          <Icon name={data.icon} />
        </span>
        <div className="cv-box-words">
          {data.renaming ? (
            <TitleInput id={id} title={data.title} />
          ) : (
            <strong
              title={data.title}
              onDoubleClick={(event) => {
                event.stopPropagation();
                if (data.mayEdit) store.startRenaming(id);
              }}
            >
              {data.title}
            </strong>
          )}
          {data.type !== data.title && <small>{data.type}</small>}
        </div>
        <Marks errors={data.errors} warnings={data.warnings} />
      </div>
      {data.life && <LifeOf life={data.life} />}
      <Ports id={id} data={data} />
    </div>
  );
});

const Marks = ({ errors, warnings }: { errors: number; warnings: number }) =>
  errors + warnings > 0 ? (
    <span className={`cv-mark ${errors ? "bad" : "warn"}`} title={t.problems(errors, warnings)}>
      <Icon name={errors ? "error" : "warning"} />
      <span aria-hidden="true">{errors + warnings > 1 ? errors || warnings : ""}</span>
      <span className="cv-hidden">{t.problems(errors, warnings)}</span>
    </span>
  ) : null;

/** A single way out needs no name; several have theirs, each on a line with its handle. */
function Ports({ id, data }: { id: string; data: BoxNode["data"] }) {
  const isSingle = data.ports.length === 1 && !data.ports[0]?.leads_back;
  return (
    <div className={isSingle ? "cv-port-single" : "cv-ports"}>
      {data.ports.map((port) => (
        <div key={port.name} className="cv-port">
          {!isSingle && (
            <span title={port.leads_back ? t.leadsBack : t.port(port.label)}>
              {port.leads_back && <Icon name="replay" />}
              <span className="cv-port-label">{port.label}</span>
              {port.count !== null && <b className="cv-port-count">{port.count || "–"}</b>}
              {port.change && <small className="cv-change-of">{port.change}</small>}
            </span>
          )}
          {!port.leads_back && (
            <Handle type="source" id={port.name} position={Position.Right} className="cv-handle-out" title={t.port(port.label)} />
          )}
          {!port.leads_back && !port.taken && data.mayEdit && <AddBehind id={id} port={port} title={data.title} />}
        </div>
      ))}
    </div>
  );
}

function AddBehind({ id, port, title }: { id: string; port: Port; title: string }) {
  const ask = useAsk();
  const spot = { at: "after", outlet: { from: id, port: port.name }, place: null } as const;
  return (
    <button
      type="button"
      className="cv-plus cv-plus-behind nodrag nopan"
      data-port={port.name}
      aria-label={`${t.addHere}: ${title}, ${port.label}`}
      title={t.addHere}
      onClick={(event) => {
        event.stopPropagation();
        ask({ ask: "kind", spot, title: t.addAfterTitle(title) });
      }}
    >
      <Icon name="add" />
    </button>
  );
}
