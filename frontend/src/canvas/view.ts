// What of the drawing is seen at first: all of it where that can be read, else where it begins.
import type { Rect } from "./routes";

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

const PADDING = 48;
/** Below it nobody reads the names on the boxes. */
const LEGIBLE = 0.6;
const READING = 0.8;

export function firstView(rects: readonly Rect[], width: number, height: number): View | null {
  if (rects.length === 0 || width <= 0 || height <= 0) return null;
  const left = Math.min(...rects.map(({ x }) => x));
  const top = Math.min(...rects.map(({ y }) => y));
  const wide = Math.max(...rects.map((rect) => rect.x + rect.width)) - left;
  const tall = Math.max(...rects.map((rect) => rect.y + rect.height)) - top;
  const zoom = Math.min(1, (width - 2 * PADDING) / wide, (height - 2 * PADDING) / tall);
  if (zoom >= LEGIBLE) return { x: (width - wide * zoom) / 2 - left * zoom, y: (height - tall * zoom) / 2 - top * zoom, zoom };
  const first = rects.filter(({ x }) => x === left).reduce((one, other) => (other.y < one.y ? other : one));
  const isLow = tall * READING <= height - 2 * PADDING;
  const middle = isLow ? top + tall / 2 : Math.max(first.y + first.height / 2, top + (height / 2 - PADDING) / READING);
  const begin = wide * READING <= width - 2 * PADDING ? (width - wide * READING) / 2 : PADDING;
  return { x: begin - left * READING, y: height / 2 - middle * READING, zoom: READING };
}
