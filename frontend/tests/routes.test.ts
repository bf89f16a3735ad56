import { expect, test } from "vitest";
import type { Rect } from "../src/canvas/routes";
import { between, routed } from "../src/canvas/routes";
import { firstView } from "../src/canvas/view";

const box = (x: number, y: number, height = 62): Rect => ({ x, y, width: 220, height });
const named = (...boxes: Rect[]) => new Map(boxes.map((each, number) => [String(number), each]));

/** Where lines and curves of a path end. */
const points = (path: string): number[][] => [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map((found) => [Number(found[1]), Number(found[2])]);

test("side by side nothing is between", () => {
  expect(between(named(box(0, 0), box(300, 0)), "0", "1")).toEqual([]);
});

test("what stands between is found, and the two ends are not", () => {
  expect(between(named(box(0, 0), box(300, 0), box(600, 0), box(900, 0)), "0", "2")).toEqual([box(300, 0)]);
});

test("where nothing is in the way it leads straight ahead", () => {
  const { path, label } = routed([220, 30], [600, 30], [box(300, 400)]);
  expect(path).not.toContain("L");
  expect(label[0]).toBeGreaterThan(220);
  expect(label[0]).toBeLessThan(300);
});

test("it leads around what is in the way, on the nearer side", () => {
  const { path, label } = routed([220, 60], [900, 60], [box(300, 0, 128), box(600, 0, 200)]);
  const lane = label[1];
  expect(lane).toBeLessThan(0);
  expect(path).toContain(`,${lane} `);
  expect(points(path).at(-1)).toEqual([900, 60]);
});

test("between two boxes above each other there may be room", () => {
  expect(routed([220, 100], [900, 200], [box(300, 0, 130), box(300, 180, 130)]).label[1]).toBe(148 + 0);
});

test("a small drawing is seen whole and not enlarged", () => {
  expect(firstView([box(0, 0), box(300, 0)], 1000, 600)).toEqual({ x: 240, y: 269, zoom: 1 });
});

test("a wide one is seen from its beginning, and can be read", () => {
  const boxes = Array.from({ length: 30 }, (_, number) => box(number * 300, number * 10));
  const view = firstView(boxes, 1000, 600);
  expect(view?.zoom).toBeGreaterThan(0.7);
  expect(view?.x).toBe(48);
});

test("nothing is seen of nothing", () => expect(firstView([], 1000, 600)).toBeNull());
