import type { Connection, EdgeChange, FinalConnectionState, NodeChange } from "@xyflow/react";
import { applyNodeChanges, useNodesInitialized, useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { inWords, t } from "../messages";
import { refusal } from "../model/connecting";
import { USUAL_SIZE } from "../model/canonical";
import type { Place } from "../model/document";
import { activitiesOf, activityOf } from "../model/document";
import { useStore, useWatched } from "../ui/context";
import { useAsk } from "../ui/dialogs";
import { Icon } from "../ui/Icon";
import { Drawing } from "./Drawing";
import type { ArrowEdge, Rects } from "./drawn";
import { arrows, rectsOf, sameRects } from "./drawn";
import { DRAGGED } from "./Palette";
import type { DrawnNode } from "./papers";
import { drawnNodes, isBox } from "./papers";

/** Pixels between a box that is brought into sight and the edge. */
const MARGIN = 56;

/** The drawing itself. What is moved is shown at once and becomes an edit when it is let go. */
export function Canvas() {
  const store = useStore();
  const state = useWatched();
  const ask = useAsk();
  const flow = useReactFlow<DrawnNode, ArrowEdge>();
  const { history, known, problems, selected, notes, renaming } = state;
  const document = history.present;
  const drawn = useMemo(
    () => ({ document, known, problems, selected, notes, renaming, mayEdit: store.mayEdit }),
    [document, known, problems, selected, notes, renaming, store],
  );
  const [nodes, setNodes] = useState<DrawnNode[]>(() => drawnNodes(drawn, []));
  useEffect(() => setNodes((before) => drawnNodes(drawn, before)), [drawn]);
  const rects = useRects(nodes);
  const edges = useMemo(() => arrows({ document, known, renaming, mayEdit: store.mayEdit }, state.arrows, rects), [document, known, renaming, state.arrows, store, rects]);
  useGoal(nodes);
  useSight();
  useInSight(state.open);

  const onNodesChange = useCallback(
    (changes: NodeChange<DrawnNode>[]) => {
      setNodes((before) => applyNodeChanges(changes.filter(({ type }) => type !== "remove"), before));
      const places: Record<string, Place> = {};
      const chosen = new Set(store.chosen);
      for (const change of changes) {
        if (change.type === "select") {
          if (change.selected) chosen.add(change.id);
          else chosen.delete(change.id);
        }
        if (change.type === "position" && !change.dragging && change.position) {
          places[change.id] = [change.position.x, change.position.y];
        }
      }
      store.choose(chosen);
      if (Object.keys(places).length > 0) store.move(places);
    },
    [store],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<ArrowEdge>[]) => {
      const chosen = new Set(store.chosen);
      for (const change of changes) {
        if (change.type !== "select") continue;
        if (change.selected) chosen.add(change.id);
        else chosen.delete(change.id);
      }
      store.choose(chosen);
    },
    [store],
  );
  const isLegal = useCallback((wanted: Connection | ArrowEdge) => refusal(store.document, store.state.known, asWanted(wanted)) === null, [store]);
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, ended: FinalConnectionState) => {
      if (ended.isValid || !ended.fromNode || ended.fromHandle?.type !== "source") return;
      const outlet = { from: ended.fromNode.id, port: ended.fromHandle.id ?? "main" };
      const over = ended.toNode?.id ?? boxUnder(event);
      if (over && over !== outlet.from) {
        store.connect({ ...outlet, to: over });
        return;
      }
      if (over) {
        const reason = refusal(store.document, store.state.known, { ...outlet, to: over });
        if (reason && movedFar(event, ended)) store.notify(inWords(reason), "bad");
        return;
      }
      if (store.freeOutletIs(outlet)) {
        const { x, y } = flow.screenToFlowPosition(pointOf(event));
        ask({ ask: "kind", spot: { at: "after", outlet, place: [x, y - 40] }, title: t.addAfterTitle(store.titleOf(outlet.from)) });
      }
    },
    [store, flow, ask],
  );

  const onDrop = (event: React.DragEvent) => {
    const type = event.dataTransfer.getData(DRAGGED);
    if (!type || !known.kinds.has(type)) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    store.add(type, { at: "free", place: [x - 110, y - 30] });
  };

  return (
    <div className="cv-canvas" onDrop={onDrop} onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}>
      <Drawing
        nodes={nodes}
        edges={edges}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStart={store.settle}
        onConnect={(wanted) => store.connect(asWanted(wanted))}
        onConnectEnd={onConnectEnd}
        isValidConnection={isLegal}
        onNodeClick={(event, node) => !event.shiftKey && !event.ctrlKey && !event.metaKey && store.openDrawer(isBox(node) ? node.id : null)}
        onPaneClick={() => store.openDrawer(null)}
        nodesDraggable={store.mayEdit}
        nodesConnectable={store.mayEdit}
        onEdgeDoubleClick={(_event, edge) => store.startRenaming(edge.id)}
        onEnter={(key) => (activityOf(document, key) ? store.openDrawer(key) : store.startRenaming(key))}
      />
      {activitiesOf(document).length === 0 && <Empty />}
    </div>
  );
}

function Empty() {
  const store = useStore();
  const ask = useAsk();
  return (
    <div className="cv-empty">
      <Icon name="account_tree" />
      <h2>{t.emptyTitle}</h2>
      <p>{t.emptyHelp}</p>
      {store.mayEdit && (
        <button
          type="button"
          className="cv-button primary"
          onClick={() => ask({ ask: "kind", spot: { at: "free", place: [0, 0] }, title: t.addActivity })}
        >
          <Icon name="add" />
          <span>{t.emptyAct}</span>
        </button>
      )}
    </div>
  );
}

/** Where the boxes stand once they are let go: transitions lead around them. */
export function useRects(nodes: readonly DrawnNode[]): Rects {
  const [rects, setRects] = useState<Rects>(() => rectsOf(nodes.filter(isBox)));
  useEffect(() => {
    if (nodes.some(({ dragging }) => dragging)) return;
    const next = rectsOf(nodes.filter(isBox));
    setRects((before) => (sameRects(before, next) ? before : next));
  }, [nodes]);
  return rects;
}

/** What is new and belongs nowhere is put where somebody looks. */
function useSight(): void {
  const store = useStore();
  const flow = useReactFlow();
  useEffect(() => {
    store.sight = () => {
      const pane = window.document.querySelector(".cv-canvas")?.getBoundingClientRect();
      const { x, y } = flow.screenToFlowPosition({ x: pane ? (pane.left + freeOf(pane)) / 2 : 0, y: pane ? (pane.top + pane.bottom) / 2 : 0 });
      return [x - USUAL_SIZE[0] / 2, y - USUAL_SIZE[1] / 2];
    };
    return () => void (store.sight = null);
  }, [store, flow]);
}

/** Brings what was asked for into view once it is drawn. */
function useGoal(nodes: readonly DrawnNode[]): void {
  const { goal } = useWatched();
  const flow = useReactFlow();
  const areMeasured = useNodesInitialized();
  const reached = useRef(0);
  useEffect(() => {
    // The first view is that of the whole drawing; where somebody was sent comes after it.
    const node = areMeasured && goal && goal.number !== reached.current ? nodes.find(({ id }) => id === goal.id) : undefined;
    if (!goal || !node) return;
    reached.current = goal.number;
    if (!isBox(node) && node.data.writing) return;
    const zoom = Math.max(0.7, Math.min(1, flow.getZoom()));
    void flow.setCenter(node.position.x + 110, node.position.y + 40, { zoom, duration: isStill() ? 0 : 250 });
  }, [goal, nodes, flow, areMeasured]);
}

/** The drawer takes room from the canvas; the box it tells of must not be what it hides. */
export function useInSight(open: string | null): void {
  const flow = useReactFlow();
  useEffect(() => {
    if (open === null) return undefined;
    const frame = requestAnimationFrame(() => {
      const box = window.document.querySelector(`[data-activity="${CSS.escape(open)}"]`)?.getBoundingClientRect();
      const pane = window.document.querySelector(".cv-canvas")?.getBoundingClientRect();
      if (!box || !pane) return;
      const right = freeOf(pane);
      if (right - pane.left < box.width + MARGIN || box.right <= right - MARGIN) return;
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x - (box.right - right + MARGIN), y, zoom }, { duration: isStill() ? 0 : 200 });
    });
    return () => cancelAnimationFrame(frame);
  }, [open, flow]);
}

/** Where the part of the canvas ends that no drawer lies upon. */
function freeOf(pane: DOMRect): number {
  const drawer = window.document.querySelector(".cv-drawer")?.getBoundingClientRect();
  return drawer ? Math.min(pane.right, drawer.left) : pane.right;
}

const isStill = (): boolean => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const asWanted = (wanted: Connection | ArrowEdge) => ({
  from: wanted.source,
  port: wanted.sourceHandle ?? "main",
  to: wanted.target,
});

function pointOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}

function boxUnder(event: MouseEvent | TouchEvent): string | null {
  const { x, y } = pointOf(event);
  return window.document.elementFromPoint(x, y)?.closest("[data-activity]")?.getAttribute("data-activity") ?? null;
}

/** A click on a handle is no attempt to connect it with its own box. */
function movedFar(event: MouseEvent | TouchEvent, { from }: FinalConnectionState): boolean {
  const { x, y } = pointOf(event);
  return from !== null && Math.hypot(x - from.x, y - from.y) > 30;
}
