// The way of a transition around the boxes that stand between its ends. Pure: points and rectangles.
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Point = readonly [number, number];

export interface Route {
  readonly path: string;
  /** Where what belongs to it stands: near its beginning, where no other arrow has arrived yet. */
  readonly label: Point;
}

/** Between a lane and the boxes beside it. */
const CLEAR = 18;
/** From an end to where the lane begins. */
const RAMP = 56;
/** From the beginning to the label. */
const LABEL = 42;
/** What leads up crosses the ways out above it. */
const UPWARDS = 120;
const STEPS = 24;
const NONE: readonly Rect[] = [];

/** Boxes between two others, from left to right; none where they stand side by side. */
export function between(rects: ReadonlyMap<string, Rect>, from: string, to: string): readonly Rect[] {
  const [source, target] = [rects.get(from), rects.get(to)];
  if (!source || !target) return NONE;
  const [left, right] = [source.x + source.width, target.x];
  if (right - left < source.width) return NONE;
  const found = [...rects].filter(([id, { x, width }]) => id !== from && id !== to && x < right && x + width > left);
  return found.length > 0 ? found.map(([, rect]) => rect) : NONE;
}

/** Straight ahead where nothing is in the way, else along the nearest lane that is free. */
export function routed(start: Point, end: Point, boxes: readonly Rect[]): Route {
  const direct = curveOf(start, end);
  if (!boxes.some((box) => crosses(direct, box))) return { path: drawnCurve(direct), label: labelOn(direct, start, end) };
  const [left, right] = [start[0] + RAMP, end[0] - RAMP];
  const inTheWay = boxes.filter((box) => box.x < right + CLEAR && box.x + box.width > left - CLEAR);
  const lane = laneOf(start[1], end[1], inTheWay);
  const [down, up] = [curveOf(start, [left, lane]), curveOf([right, lane], end)];
  return { path: `${drawnCurve(down)} L${right},${lane} ${drawnCurve(up).replace(/^M[^C]*/, "")}`, label: [left + LABEL / 2, lane] };
}

function laneOf(from: number, to: number, boxes: readonly Rect[]): number {
  const lanes = boxes.flatMap(({ y, height }) => [y - CLEAR, y + height + CLEAR]);
  const free = lanes.filter((lane) => boxes.every(({ y, height }) => lane <= y - CLEAR || lane >= y + height + CLEAR));
  const detour = (lane: number) => Math.abs(lane - from) + Math.abs(lane - to) + (lane < from ? UPWARDS : 0);
  return free.reduce((best, lane) => (detour(lane) < detour(best) ? lane : best), free[0] ?? from);
}

type Curve = readonly [Point, Point, Point, Point];

const curveOf = ([x, y]: Point, [toX, toY]: Point): Curve => [
  [x, y],
  [(x + toX) / 2, y],
  [(x + toX) / 2, toY],
  [toX, toY],
];

const drawnCurve = ([start, one, other, end]: Curve): string => `M${start.join(",")} C${one.join(",")} ${other.join(",")} ${end.join(",")}`;

function pointOn([start, one, other, end]: Curve, t: number): Point {
  const s = 1 - t;
  const mixed = (axis: 0 | 1): number =>
    s ** 3 * start[axis] + 3 * s * s * t * one[axis] + 3 * s * t * t * other[axis] + t ** 3 * end[axis];
  return [mixed(0), mixed(1)];
}

const crosses = (curve: Curve, { x, y, width, height }: Rect): boolean =>
  Array.from({ length: STEPS - 1 }, (_, step) => pointOn(curve, (step + 1) / STEPS)).some(
    ([pointX, pointY]) => pointX > x - 4 && pointX < x + width + 4 && pointY > y - 4 && pointY < y + height + 4,
  );

function labelOn(curve: Curve, [x]: Point, [toX]: Point): Point {
  if (toX - x <= 2 * LABEL) return pointOn(curve, 0.5);
  const points = Array.from({ length: STEPS + 1 }, (_, step) => pointOn(curve, step / STEPS / 2));
  return points.find(([pointX]) => pointX >= x + LABEL) ?? pointOn(curve, 0.5);
}
