import type { EdgeProps } from "@xyflow/react";
import { BaseEdge, EdgeLabelRenderer, getBezierPath } from "@xyflow/react";
import { memo, useMemo } from "react";
import { t } from "../messages";
import { useStore } from "../ui/context";
import { useAsk } from "../ui/dialogs";
import { Icon } from "../ui/Icon";
import { LabelInput } from "../ui/LabelInput";
import type { ArrowEdge } from "./drawn";
import type { Rect } from "./routes";
import { routed } from "./routes";
import { useWay } from "./ways";

const NONE: readonly Rect[] = [];

function wayOf(edge: EdgeProps<ArrowEdge>, between: readonly Rect[]): { path: string; x: number; y: number } {
  const { sourceX, sourceY, targetX, targetY } = edge;
  if (targetX > sourceX) {
    const { path, label } = routed([sourceX, sourceY], [targetX, targetY], between);
    return { path, x: label[0], y: label[1] };
  }
  const [path, x, y] = getBezierPath(edge);
  return { path, x, y };
}

/** A transition, with what it is called and a + that inserts an activity into it. */
export const Arrow = memo(function Arrow(edge: EdgeProps<ArrowEdge>) {
  const store = useStore();
  const ask = useAsk();
  const onWay = useWay();
  const { transition, words = "", label, renaming, mayEdit, count = null, change = "", isDead = false, between = NONE } = edge.data ?? {};
  const { path, x, y } = useMemo(() => wayOf(edge, between), [edge.sourceX, edge.sourceY, edge.targetX, edge.targetY, between]);
  const look = isDead ? "is-dead" : count ? "is-taken" : "";
  return (
    <>
      <BaseEdge id={edge.id} path={path} className={look} interactionWidth={22} {...(edge.markerEnd ? { markerEnd: edge.markerEnd } : {})} />
      {transition && (
        <EdgeLabelRenderer>
          <div className="cv-arrow-label nodrag nopan" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            {renaming ? (
              <LabelInput of={edge.id} name={`${t.labelOfTransition}: ${words}`} label={label ?? ""} placeholder={t.labelOfTransition} />
            ) : (
              label && (
                <span className="cv-arrow-words" onDoubleClick={() => mayEdit && store.startRenaming(edge.id)}>
                  {label}
                </span>
              )
            )}
            {count && onWay && (
              <button type="button" className="cv-arrow-count" tabIndex={-1} onClick={() => onWay(transition)}>
                {count}
                {change && <small>{change}</small>}
              </button>
            )}
            {mayEdit && (
              <button
                type="button"
                className={`cv-plus ${edge.selected ? "is-selected" : ""}`}
                data-transition={edge.id}
                aria-label={`${t.insertHere}: ${words}`}
                title={t.insertHere}
                onClick={() => ask({ ask: "kind", spot: { at: "into", transition }, title: t.insertTitle })}
              >
                <Icon name="add" />
              </button>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
