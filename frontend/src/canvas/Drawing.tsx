import type { ReactFlowProps } from "@xyflow/react";
import { Background, BackgroundVariant, Controls, MarkerType, MiniMap, ReactFlow, SelectionMode, useNodesInitialized, useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import { t } from "../messages";
import { GRID } from "../model/aligning";
import { Arrow } from "./Arrow";
import { Box } from "./Box";
import type { ArrowEdge } from "./drawn";
import { rectsOf } from "./drawn";
import { Paper } from "./Paper";
import type { DrawnNode } from "./papers";
import { isBox } from "./papers";
import { firstView } from "./view";

const NODES = { box: Box, paper: Paper };
const EDGES = { arrow: Arrow };
const SNAP: [number, number] = [GRID, GRID];
const MARKER = { type: MarkerType.ArrowClosed, width: 18, height: 18 };
export const FIT = { padding: 0.16, maxZoom: 1 };
/** Activities from which on a map helps. */
const MANY = 8;
const LABELS = {
  "node.a11yDescription.default": t.canvas,
  "node.a11yDescription.keyboardDisabled": t.canvas,
  "edge.a11yDescription.default": t.part["transition"] ?? "",
  "controls.ariaLabel": t.controls,
  "controls.zoomIn.ariaLabel": t.zoomIn,
  "controls.zoomOut.ariaLabel": t.zoomOut,
  "controls.fitView.ariaLabel": t.fitView,
  "minimap.ariaLabel": t.minimap,
};

interface Props extends ReactFlowProps<DrawnNode, ArrowEdge> {
  readonly nodes: DrawnNode[];
  /** Enter on an activity or a transition that has the focus. */
  readonly onEnter: (id: string) => void;
}

/** Activities and transitions as they are drawn, whether somebody edits a draft or watches a run. */
export const Drawing = ({ onEnter, ...props }: Props) => (
  <ReactFlow<DrawnNode, ArrowEdge>
    nodeTypes={NODES}
    edgeTypes={EDGES}
    edgesFocusable
    deleteKeyCode={null}
    selectionMode={SelectionMode.Partial}
    multiSelectionKeyCode={["Shift", "Control", "Meta"]}
    defaultEdgeOptions={{ markerEnd: MARKER }}
    defaultMarkerColor={null}
    onlyRenderVisibleElements={props.nodes.length > 150}
    snapToGrid
    snapGrid={SNAP}
    minZoom={0.1}
    maxZoom={2}
    connectionRadius={36}
    ariaLabelConfig={LABELS}
    aria-label={t.canvas}
    onKeyDown={(event) => {
      const id = (event.target as Element).closest?.("[data-id]")?.getAttribute("data-id");
      if (event.key === "Enter" && id && event.target instanceof Element && event.target.matches(".react-flow__node, .react-flow__edge")) {
        onEnter(id);
        event.preventDefault();
      }
    }}
    {...props}
  >
    <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
    {props.nodes.length >= MANY && <MiniMap pannable zoomable className="cv-minimap" nodeClassName={miniature} />}
    <Controls showInteractive={false} fitViewOptions={FIT} />
    <FirstView />
  </ReactFlow>
);

/** A note is a pale spot on the map. */
const miniature = (node: DrawnNode): string => (isBox(node) ? `cv-mini tone-${node.data.category}` : "cv-mini-paper");

/** Once all boxes are measured, and not before: else the view is that of the one that was measured first. */
function FirstView() {
  const areMeasured = useNodesInitialized();
  const look = useLook();
  const hasLooked = useRef(false);
  useEffect(() => {
    if (hasLooked.current || !areMeasured) return;
    hasLooked.current = look();
  }, [areMeasured, look]);
  return null;
}

/** Shows the drawing as at first. */
export function useLook(): () => boolean {
  const flow = useReactFlow<DrawnNode, ArrowEdge>();
  const store = useStoreApi();
  return useCallback(() => {
    const { width, height } = store.getState();
    const view = firstView([...rectsOf(flow.getNodes()).values()], width, height);
    if (view) void flow.setViewport(view);
    return view !== null;
  }, [flow, store]);
}
