// The document as React Flow draws it. What did not change is the same object, so that it is not drawn again.
import type { Edge, Node } from "@xyflow/react";
import type { Problem } from "../api/client";
import { t } from "../messages";
import type { Activity, CampaignDocument, Transition } from "../model/document";
import { activitiesOf, keyOf, own, portOf, transitionsOf } from "../model/document";
import type { Known, Port } from "../model/kinds";
import { kindOf, nameOf, portsOf, titleOf, wayOf } from "../model/kinds";
import type { Places } from "../model/layout";
import { apart, completed, ROW, WIDTH } from "../model/layout";
import { heightsOf } from "../model/heights";
import type { Rect } from "./routes";
import { between } from "./routes";

/** What became of an activity in a run. */
export interface Life {
  readonly state: string;
  readonly icon: string;
  readonly tone: string;
  readonly words: string;
  readonly lines: readonly string[];
  /** How much of it is done, from 0 to 1; null where that means nothing. */
  readonly share: number | null;
  readonly rates: readonly { readonly label: string; readonly rate: string; readonly count: string }[];
  readonly problem: string;
}

/** How many left by each way out, and which ways nobody takes, by “activity port”. */
export interface Carried {
  readonly counts: ReadonlyMap<string, string>;
  readonly dead: ReadonlySet<string>;
  /** How many more or fewer than in the run it is compared with; empty where it is compared with none. */
  readonly changes: ReadonlyMap<string, string>;
}

/** What a run adds to the drawing. */
export interface Happening extends Carried {
  readonly lives: ReadonlyMap<string, Life>;
}

export interface BoxData extends Record<string, unknown> {
  readonly title: string;
  readonly type: string;
  readonly icon: string;
  readonly category: string;
  readonly ports: readonly (Port & { readonly taken: boolean; readonly count: string | null; readonly change: string })[];
  readonly life: Life | null;
  readonly takesInbound: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly mayEdit: boolean;
  readonly renaming: boolean;
  /** What of these can differ, as text: boxes with the same one look the same. */
  readonly look: string;
}

export interface ArrowData extends Record<string, unknown> {
  readonly transition: Transition;
  /** Its ends, as people call them. */
  readonly words: string;
  readonly label: string;
  readonly mayEdit: boolean;
  readonly renaming: boolean;
  /** Null where nothing runs, empty where nobody has been counted yet. */
  readonly count: string | null;
  readonly change: string;
  readonly isDead: boolean;
  /** Boxes that stand between its ends. */
  readonly between: readonly Rect[];
}

export type BoxNode = Node<BoxData, "box">;
export type ArrowEdge = Edge<ArrowData, "arrow">;

export interface Drawn {
  readonly document: CampaignDocument;
  readonly known: Known;
  readonly problems: readonly Problem[];
  readonly selected: ReadonlySet<string>;
  /** Notes that are selected, by their keys. */
  readonly notes?: ReadonlySet<string>;
  readonly renaming: string | null;
  readonly mayEdit: boolean;
  readonly happening?: Happening;
}

export function boxes(drawn: Drawn, before: readonly BoxNode[]): BoxNode[] {
  const last = new Map(before.map((node) => [node.id, node]));
  const places = placesOf(drawn, last);
  const taken = new Set(transitionsOf(drawn.document).map((each) => `${each.from} ${portOf(each)}`));
  const counts = problemCounts(drawn.problems);
  return activitiesOf(drawn.document).map((activity) => {
    const old = last.get(activity.id);
    const [x, y] = old?.dragging ? [old.position.x, old.position.y] : (own(places, activity.id) ?? [0, 0]);
    const data = boxData(drawn, activity, taken, counts);
    const selected = drawn.selected.has(activity.id);
    const isSame = old && old.position.x === x && old.position.y === y && old.selected === selected;
    if (isSame && old.data.look === data.look) return old;
    const base = old ?? { id: activity.id, type: "box" as const };
    return {
      ...base,
      position: { x, y },
      selected,
      data: old?.data.look === data.look ? old.data : data,
      ariaLabel: [data.title, data.type, data.life?.words, ...(data.life?.lines ?? [])].filter(Boolean).join(", "),
    };
  });
}

/** In a run boxes grow by what is told in them, so those below make room. */
function placesOf({ document, known, happening }: Drawn, last: ReadonlyMap<string, BoxNode>): Places {
  const heightOf = heightsOf(known, document);
  const places = completed(document, heightOf);
  return happening ? apart(places, (id) => last.get(id)?.measured?.height ?? heightOf(id)) : places;
}

function boxData(drawn: Drawn, activity: Activity, taken: ReadonlySet<string>, counts: Counts): BoxData {
  const { known, document, mayEdit, happening } = drawn;
  const kind = kindOf(known, activity);
  const [errors = 0, warnings = 0] = counts.get(activity.id) ?? [];
  const data = {
    title: titleOf(known, activity),
    type: kind?.label ?? activity.type,
    icon: kind?.icon ?? "help",
    category: kind?.category ?? "",
    ports: portsOf(known, document, activity).map((port) => ({
      ...port,
      taken: taken.has(`${activity.id} ${port.name}`),
      count: happening ? (happening.counts.get(`${activity.id} ${port.name}`) ?? "") : null,
      change: happening?.changes.get(`${activity.id} ${port.name}`) ?? "",
    })),
    life: happening?.lives.get(activity.id) ?? null,
    takesInbound: kind?.inbound_max !== 0,
    errors,
    warnings,
    mayEdit,
    renaming: drawn.renaming === activity.id,
  };
  return { ...data, look: JSON.stringify(data) };
}

type Counts = ReadonlyMap<string, readonly [number, number]>;

function problemCounts(problems: readonly Problem[]): Counts {
  const counts = new Map<string, [number, number]>();
  for (const { activity, severity } of problems) {
    if (!activity) continue;
    const [errors, warnings] = counts.get(activity) ?? [0, 0];
    counts.set(activity, severity === "error" ? [errors + 1, warnings] : [errors, warnings + 1]);
  }
  return counts;
}

export type Rects = ReadonlyMap<string, Rect>;

/** As far as these say where they stand. */
type Standing = Pick<Node, "id" | "position" | "measured">;

export const rectsOf = (nodes: readonly Standing[]): Rects =>
  new Map(nodes.map(({ id, position, measured }) => [id, { ...position, width: measured?.width ?? WIDTH, height: measured?.height ?? ROW }]));

export const sameRects = (one: Rects, other: Rects): boolean =>
  one.size === other.size &&
  [...one].every(([id, { x, y, height }]) => {
    const rect = other.get(id);
    return rect !== undefined && rect.x === x && rect.y === y && rect.height === height;
  });

/** What of a drawing its transitions are drawn from. */
export type Connected = Pick<Drawn, "document" | "known" | "mayEdit" | "renaming"> & { readonly happening?: Carried };

export function arrows(drawn: Connected, chosen: ReadonlySet<string>, rects: Rects): ArrowEdge[] {
  const { document, mayEdit, renaming, happening } = drawn;
  const known = new Set(activitiesOf(document).map(({ id }) => id));
  return transitionsOf(document)
    .filter(({ from, to }) => known.has(from) && known.has(to))
    .map((transition) => ({
      id: keyOf(transition),
      type: "arrow",
      source: transition.from,
      sourceHandle: portOf(transition),
      target: transition.to,
      targetHandle: "in",
      selected: chosen.has(keyOf(transition)),
      ariaLabel: arrowWords(drawn, transition),
      data: {
        transition,
        words: endsOf(drawn, transition),
        label: transition.label ?? "",
        mayEdit,
        renaming: renaming === keyOf(transition),
        between: between(rects, transition.from, transition.to),
        ...carried(transition, happening),
      },
    }));
}

function arrowWords(drawn: Connected, transition: Transition): string {
  return [t.part["transition"], endsOf(drawn, transition), transition.label].filter(Boolean).join(", ");
}

/** “A, way out → B”, by what people call them. */
function endsOf({ known, document }: Connected, transition: Transition): string {
  const source = [nameOf(known, document, transition.from), wayOf(known, document, transition)].filter(Boolean).join(", ");
  return `${source} → ${nameOf(known, document, transition.to)}`;
}

function carried(transition: Transition, happening: Carried | undefined): Pick<ArrowData, "count" | "change" | "isDead"> {
  const way = `${transition.from} ${portOf(transition)}`;
  return { count: happening ? (happening.counts.get(way) ?? "") : null, change: happening?.changes.get(way) ?? "", isDead: happening?.dead.has(way) ?? false };
}
