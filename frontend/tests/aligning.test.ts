import { expect, test } from "vitest";
import type { Alignment, Area } from "../src/model/aligning";
import { GRID, LINES, SPREADS, aligned } from "../src/model/aligning";
import { moved } from "../src/model/edits";
import { chance, drawing } from "./drawings";
import { storeOf } from "./stores";

const area = (x: number, y: number, width = 220, height = 60): Area => ({ x, y, width, height });
const THREE = new Map([
  ["a", area(0, 100, 220, 60)],
  ["b", area(500, 0, 220, 140)],
  ["c", area(1000, 300, 200, 100)],
]);

test.each([...LINES, ...SPREADS])("one alone stays where it is: %s", (alignment) => {
  expect(aligned(new Map([["a", area(3, 7)]]), alignment)).toEqual({});
});

test.each(SPREADS)("two have no gap to be evened: %s", (way) => {
  expect(aligned(new Map([...THREE].slice(0, 2)), way)).toEqual({});
});

test.each<[Alignment, Record<string, [number, number]>]>([
  ["left", { a: [0, 170], b: [0, 0], c: [0, 300] }],
  ["centre", { a: [490, 170], b: [490, 0], c: [500, 300] }],
  ["right", { a: [980, 170], b: [980, 0], c: [1000, 300] }],
  ["top", { a: [0, 0], b: [500, 0], c: [1000, 0] }],
  ["middle", { a: [0, 170], b: [500, 130], c: [1000, 150] }],
  ["bottom", { a: [0, 340], b: [500, 260], c: [1000, 300] }],
  ["across", { a: [0, 100], b: [500, 0], c: [1000, 300] }],
  ["down", { a: [0, 190], b: [500, 0], c: [1000, 300] }],
])("%s", (alignment, places) => expect(aligned(THREE, alignment)).toEqual(places));

const random = chance(7);
const some = () => Math.round(random() * 2000 - 1000);
const scattered = (count: number) => new Map(Array.from({ length: count }, (_, number): [string, Area] => [`n${number}`, area(some(), some(), 220, 60 + Math.round(random() * 90))]));

const UPRIGHT: readonly Alignment[] = ["left", "centre", "right"];
const FLAT: readonly Alignment[] = ["top", "middle", "bottom"];

/** Whether some would stand on one another, or too close, on the line they are brought to. */
function isCrowded(areas: ReadonlyMap<string, Area>, alignment: Alignment): boolean {
  const all = [...areas.values()];
  const spans = UPRIGHT.includes(alignment) ? all.map(({ y, height }) => [y, y + height] as const) : FLAT.includes(alignment) ? all.map(({ x, width }) => [x, x + width] as const) : [];
  spans.sort(([one], [other]) => one - other);
  return spans.some(([start], at) => start < (spans[at - 1]?.[1] ?? -Infinity) + GRID);
}

test("whatever stood where, all of it stands on the grid, and only one coordinate is changed by more than that where there is room", () => {
  for (let round = 0; round < 200; round++) {
    const areas = scattered(2 + (round % 5));
    for (const alignment of [...LINES, ...SPREADS]) {
      for (const [id, [x, y]] of Object.entries(aligned(areas, alignment))) {
        expect([Math.abs(x % GRID), Math.abs(y % GRID)]).toEqual([0, 0]);
        const [dx, dy] = [Math.abs(x - (areas.get(id)?.x ?? 0)), Math.abs(y - (areas.get(id)?.y ?? 0))];
        if (!isCrowded(areas, alignment)) expect(Math.min(dx, dy)).toBeLessThanOrEqual(GRID / 2);
      }
    }
  }
});

test("whatever is brought to one line, nothing stands on another thing, and what had room keeps its order", () => {
  for (let round = 0; round < 200; round++) {
    const areas = scattered(2 + (round % 5));
    for (const line of LINES) {
      const [along, size] = UPRIGHT.includes(line) ? ([1, "height"] as const) : ([0, "width"] as const);
      const spans = Object.entries(aligned(areas, line)).map(([id, place]) => [place[along], place[along] + (areas.get(id)?.[size] ?? 0)] as const);
      spans.sort(([one], [other]) => one - other);
      spans.forEach(([start], at) => expect(start).toBeGreaterThanOrEqual(spans[at - 1]?.[1] ?? -Infinity));
    }
  }
});

test("a row brought to its left becomes a column, in the order of the row", () => {
  const row = new Map([["c", area(600, 0)], ["a", area(0, 0)], ["b", area(300, 0)]]);
  expect(aligned(row, "left")).toEqual({ a: [0, 0], b: [0, 90], c: [0, 180] });
  const ofAllHeights = new Map([["c", area(600, 20, 220, 60)], ["a", area(0, 40, 220, 20)], ["b", area(300, 0, 220, 100)]]);
  expect(Object.keys(aligned(ofAllHeights, "left"))).toEqual(["a", "b", "c"]);
});

const places = { a: [3, 7], b: [300, 52], c: [611, 401], d: [0, 900] } as const;
const placed = () => storeOf(moved(drawing("a b c d", "a-b b-c"), places));

test("what is selected is aligned as one step, and the rest stays where it is", () => {
  const store = placed();
  store.select(["a", "b", "c"]);
  store.align("top");
  expect(store.document.layout).toEqual({ a: [0, 10], b: [300, 10], c: [610, 10], d: [0, 900] });
  store.undo();
  expect(store.document.layout).toEqual(places);
  expect(store.state.history.past).toHaveLength(0);
});

test("what nobody has placed keeps the place it is seen at", () => {
  const store = storeOf(drawing("a b c", "a-b b-c"));
  store.select(["b", "c"]);
  store.align("left");
  expect(store.document.layout?.["a"]).toEqual([0, 0]);
  expect(store.document.layout?.["c"]?.[0]).toBe(store.document.layout?.["b"]?.[0]);
});

test("whoever may only look aligns nothing, nor does a selection of one", () => {
  const store = storeOf(moved(drawing("a b"), { a: [0, 0], b: [7, 7] }), false);
  store.select(["a", "b"]);
  store.align("left");
  expect(store.document.layout).toEqual({ a: [0, 0], b: [7, 7] });
  const other = placed();
  other.select(["a"]);
  other.align("left");
  expect(other.state.notice).toBeNull();
});
