// Several things brought onto one line, or to even gaps. Places are on the grid of the canvas, as if moved by hand.
import type { Place } from "./document";
import type { Places } from "./layout";

export const GRID = 10;
/** Between two things that would stand on one another, on the line they were brought to. */
const LEAST_GAP = 3 * GRID;

/** Where a thing stands, and how large it is. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const LINES = ["left", "centre", "right", "top", "middle", "bottom"] as const;
export const SPREADS = ["across", "down"] as const;
export type Alignment = (typeof LINES)[number] | (typeof SPREADS)[number];

/** A line takes two, even gaps take three. */
export const leastFor = (alignment: Alignment): number => (isSpread(alignment) ? 3 : 2);

const AXES = { across: { at: "x", size: "width" }, down: { at: "y", size: "height" } } as const;
type Axis = (typeof AXES)[(typeof SPREADS)[number]];
type Named = readonly [string, Area];
const UPRIGHT: ReadonlySet<Alignment> = new Set(["left", "centre", "right"]);

export function aligned(areas: ReadonlyMap<string, Area>, alignment: Alignment): Places {
  if (areas.size < leastFor(alignment)) return {};
  if (isSpread(alignment)) return placesOf(spread([...areas], AXES[alignment]));
  const frame = around([...areas.values()]);
  const [along, across] = UPRIGHT.has(alignment) ? [AXES.down, AXES.across] : [AXES.across, AXES.down];
  const ordered = [...areas].sort(([, one], [, other]) => one[across.at] - other[across.at]);
  const lined = ordered.map(([key, area]): Named => {
    const [x, y] = onLine(area, frame, alignment);
    return [key, { ...area, x, y }];
  });
  return placesOf(keptApart(lined, along));
}

const middle = (area: Area, { at, size }: Axis): number => area[at] + area[size] / 2;
const placesOf = (areas: readonly Named[]): Places => Object.fromEntries(areas.map(([key, { x, y }]) => [key, onGrid([x, y])]));

/** Along their line each makes room for the one before it. Those of one middle, which were a row, keep the order they come in. */
function keptApart(areas: readonly Named[], axis: Axis): readonly Named[] {
  const order = [...areas].sort(([, one], [, other]) => snapped(middle(one, axis)) - snapped(middle(other, axis)));
  let free = -Infinity;
  return order.map(([key, area]) => {
    const at = area[axis.at] < free + GRID ? free + LEAST_GAP : area[axis.at];
    free = at + area[axis.size];
    return [key, { ...area, [axis.at]: at }];
  });
}

const isSpread = (alignment: Alignment): alignment is (typeof SPREADS)[number] => alignment === "across" || alignment === "down";

function around(areas: readonly Area[]): Area {
  const [x, y] = [Math.min(...areas.map((each) => each.x)), Math.min(...areas.map((each) => each.y))];
  const right = Math.max(...areas.map((each) => each.x + each.width));
  const bottom = Math.max(...areas.map((each) => each.y + each.height));
  return { x, y, width: right - x, height: bottom - y };
}

function onLine({ x, y, width, height }: Area, frame: Area, line: (typeof LINES)[number]): Place {
  switch (line) {
    case "left":
      return [frame.x, y];
    case "centre":
      return [frame.x + (frame.width - width) / 2, y];
    case "right":
      return [frame.x + frame.width - width, y];
    case "top":
      return [x, frame.y];
    case "middle":
      return [x, frame.y + (frame.height - height) / 2];
    case "bottom":
      return [x, frame.y + frame.height - height];
  }
}

/** The first and the last stay where they are; those between them get the same gap on both sides. */
function spread(areas: readonly Named[], axis: Axis): readonly Named[] {
  const order = [...areas].sort(([, one], [, other]) => middle(one, axis) - middle(other, axis));
  const [first, last] = [order[0]?.[1], order.at(-1)?.[1]];
  if (!first || !last) return [];
  const room = last[axis.at] + last[axis.size] - first[axis.at] - order.reduce((sum, [, area]) => sum + area[axis.size], 0);
  const gap = room / (order.length - 1);
  let at = first[axis.at];
  return order.map(([key, area]) => {
    const placed = { ...area, [axis.at]: at };
    at += area[axis.size] + gap;
    return [key, placed];
  });
}

const onGrid = ([x, y]: Place): Place => [snapped(x), snapped(y)];
/** Plus nothing, for there is no minus zero in a document. */
const snapped = (at: number): number => Math.round(at / GRID) * GRID + 0;
