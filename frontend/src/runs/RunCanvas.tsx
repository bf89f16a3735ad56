import type { NodeChange } from "@xyflow/react";
import { applyNodeChanges } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useInSight, useRects } from "../canvas/Canvas";
import { Drawing, useLook } from "../canvas/Drawing";
import { arrows } from "../canvas/drawn";
import type { DrawnNode } from "../canvas/papers";
import { drawnNodes, isBox } from "../canvas/papers";
import { WayContext } from "../canvas/ways";
import type { Transition } from "../model/document";
import { activityOf, keyOf, portOf, transitionsOf } from "../model/document";
import { useStage, useStaged } from "./context";
import type { Shown } from "./shown";

const NONE: readonly never[] = [];

/** The drawing that the run obeys, with what became of it. Nothing in it can be moved. */
export function RunCanvas({ shown: { document, known, happening } }: { shown: Shown }) {
  const stage = useStage();
  const { open } = useStaged();
  const openId = open?.is === "activity" ? open.id : null;
  const drawn = useMemo(() => {
    const selected = new Set(openId === null ? [] : [openId]);
    return { document, known, problems: NONE, selected, renaming: null, mayEdit: false, happening };
  }, [document, known, happening, openId]);
  const [nodes, setNodes] = useState<DrawnNode[]>(() => drawnNodes(drawn, []));
  useEffect(() => setNodes((before) => drawnNodes(drawn, before)), [drawn]);
  const chosen = open?.is === "way" ? `${open.from} ${open.port} ${open.to}` : "";
  const { counts, dead, changes } = happening;
  const carried = useMemo(() => ({ counts, dead, changes }), [counts, dead, changes]);
  const rects = useRects(nodes);
  const edges = useMemo(() => arrows({ document, known, mayEdit: false, renaming: null, happening: carried }, new Set([chosen]), rects), [document, known, chosen, carried, rects]);
  useInSight(openId);
  useFit();
  const onNodesChange = useCallback(
    (changes: NodeChange<DrawnNode>[]) => {
      const measured = changes.filter(({ type }) => type === "dimensions");
      if (measured.length > 0) setNodes((before) => drawnNodes(drawn, applyNodeChanges(measured, before)));
    },
    [drawn],
  );
  const openWay = useCallback(
    (transition: Transition) => stage.open({ is: "way", from: transition.from, port: portOf(transition), to: transition.to }),
    [stage],
  );
  const openEither = (id: string) => {
    const way = transitionsOf(document).find((each) => keyOf(each) === id);
    if (way) openWay(way);
    else if (activityOf(document, id)) stage.open({ is: "activity", id });
  };
  return (
    <WayContext.Provider value={openWay}>
      <div className="cv-canvas is-run">
        <Drawing
          nodes={nodes}
          edges={edges}
          onNodesChange={onNodesChange}
          onNodeClick={(_event, node) => isBox(node) && stage.open({ is: "activity", id: node.id })}
          onEdgeClick={(_event, edge) => edge.data && openWay(edge.data.transition)}
          onPaneClick={() => stage.open(null)}
          nodesDraggable={false}
          nodesConnectable={false}
          onEnter={openEither}
        />
      </div>
    </WayContext.Provider>
  );
}

/** Nothing is edited here, so the drawing is shown as at first again when the window gets another size. */
function useFit(): void {
  const look = useLook();
  useEffect(() => {
    let frame = 0;
    const fit = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    window.addEventListener("resize", fit);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("resize", fit);
    };
  }, [look]);
}
