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

export function aligned(areas: ReadonlyMap<string, Area>, alignment: Alignment): Places {
  if (areas.size < leastFor(alignment)) return {};
  if (isSpread(alignment)) return spread([...areas], alignment);
  const frame = around([...areas.values()]);
  const moved = [...areas].map(([key, area]): Named => {
    const [x, y] = onLine(area, frame, alignment);
    return [key, { ...area, x, y }];
  });
  const apart = ACROSS.has(alignment) ? pushedApart(moved, areas, "x", "width") : pushedApart(moved, areas, "y", "height");
  return Object.fromEntries(apart.map(([key, { x, y }]) => [key, onGrid([x, y])]));
}

type Named = readonly [string, Area];
const ACROSS: ReadonlySet<Alignment> = new Set(["top", "middle", "bottom"]);

/** Things of one row brought to a left line would stand on one another: along the line, each makes room for the one before. */
function pushedApart(
  moved: readonly Named[],
  before: ReadonlyMap<string, Area>,
  along: "x" | "y",
  size: "width" | "height",
): readonly Named[] {
  const across = along === "x" ? "y" : "x";
  const stood = (key: string) => before.get(key)?.[across] ?? 0;
  const middle = (area: Area) => snapped(area[along] + area[size] / 2);
  const order = [...moved].sort(([one, a], [other, b]) => middle(a) - middle(b) || stood(one) - stood(other));
  let free = -Infinity;
  return order.map(([key, area]) => {
    const at = area[along] < free + GRID ? free + LEAST_GAP : area[along];
    free = at + area[size];
    return [key, { ...area, [along]: at }];
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
function spread(areas: readonly Named[], way: "across" | "down"): Places {
  const size = ({ width, height }: Area) => (way === "across" ? width : height);
  const begin = ({ x, y }: Area) => (way === "across" ? x : y);
  const order = [...areas].sort(([, one], [, other]) => begin(one) + size(one) / 2 - begin(other) - size(other) / 2);
  const [first, last] = [order[0]?.[1], order.at(-1)?.[1]];
  if (!first || !last) return {};
  const room = begin(last) + size(last) - begin(first) - order.reduce((sum, [, area]) => sum + size(area), 0);
  const gap = room / (order.length - 1);
  let at = begin(first);
  const places = order.map(([key, area]): [string, Place] => {
    const place: Place = way === "across" ? [at, area.y] : [area.x, at];
    at += size(area) + gap;
    return [key, onGrid(place)];
  });
  return Object.fromEntries(places);
}

const onGrid = ([x, y]: Place): Place => [snapped(x), snapped(y)];
/** Plus nothing, for there is no minus zero in a document. */
const snapped = (at: number): number => Math.round(at / GRID) * GRID + 0;
