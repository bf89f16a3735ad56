import { expect, test } from "vitest";
import { downstream, outlineOrder, upstream } from "../src/model/graph";
import { heightsOf } from "../src/model/heights";
import { COLUMN, ROW, apart, completed, freePlace, laidOut } from "../src/model/layout";
import type { CampaignDocument } from "../src/model/document";
import { KNOWN, chance, drawing, ids } from "./drawings";

const overlaps = (document: CampaignDocument): string[] => {
  const places = Object.entries(laidOut(document));
  return places.flatMap(([one, [x, y]], number) =>
    places
      .slice(number + 1)
      .filter(([, [otherX, otherY]]) => x === otherX && Math.abs(y - otherY) < ROW)
      .map(([other]) => `${one} ${other}`),
  );
};

function random(seed: number, count: number): CampaignDocument {
  const next = chance(seed);
  const names = Array.from({ length: count }, (_, number) => `n${number}`);
  const drawn = names.slice(1).map((name, number) => `n${Math.floor(next() * (number + 1))}-${name}`);
  return drawing(names.join(" "), drawn.join(" "));
}

test("nothing gives nothing", () => expect(laidOut(drawing(""))).toEqual({}));

test("a circle is drawn too", () => {
  expect(Object.keys(laidOut(drawing("a b c", "a-b b-a c-a"))).sort()).toEqual(["a", "b", "c"]);
});

test("a line goes to the right", () => {
  expect(laidOut(drawing("a b c", "a-b b-c"))).toEqual({ a: [0, 0], b: [COLUMN, 0], c: [2 * COLUMN, 0] });
});

test("every transition leads to the right and no two overlap", () => {
  for (const seed of [1, 2, 3, 4]) {
    const document = random(seed, 120);
    const places = laidOut(document);
    for (const { from, to } of document.transitions ?? []) {
      expect(places[from]?.[0]).toBeLessThan(places[to]?.[0] ?? 0);
    }
    expect(overlaps(document)).toEqual([]);
  }
});

test("the order in which parts are written down changes nothing", () => {
  const document = random(9, 60);
  const shuffled = {
    ...document,
    activities: [...(document.activities ?? [])].reverse(),
    transitions: [...(document.transitions ?? [])].reverse(),
  };
  expect(laidOut(shuffled)).toEqual(laidOut(document));
});

test("500 activities are laid out in a moment", () => {
  const began = performance.now();
  laidOut(random(5, 500));
  expect(performance.now() - began).toBeLessThan(500);
});

test("kept places stay, and what has none stands beside them", () => {
  const document = { ...drawing("a b", "a-b"), layout: { a: [40, 50] as const } };
  const places = completed(document);
  expect(places["a"]).toEqual([40, 50]);
  expect(places["b"]?.[1]).toBeGreaterThan(50);
  expect(completed({ ...document, layout: { a: [0, 0], b: [1, 1] } })).toEqual({ a: [0, 0], b: [1, 1] });
});

test("the outline follows a branch to its end before the next one", () => {
  expect(outlineOrder(drawing("a:fan b c d e", "a-b a.rest-c b-d c-e"))).toEqual(["a", "b", "d", "c", "e"]);
});

test("in the outline nothing stands before what leads to it", () => {
  const document = random(3, 80);
  const order = outlineOrder(document);
  expect([...order].sort()).toEqual([...ids(document)].sort());
  for (const { from, to } of document.transitions ?? []) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
});

test("what stands in a circle is in the outline too", () => {
  expect(outlineOrder(drawing("a b c", "a-b b-a")).sort()).toEqual(["a", "b", "c"]);
});

test("what can be reached, and from where", () => {
  const document = drawing("a b c d", "a-b b-c d-c");
  expect([...downstream(document, "a")].sort()).toEqual(["b", "c"]);
  expect(upstream(document, "c").sort()).toEqual(["a", "b", "d"]);
});

const tall = (id: string): number => (id === "b" ? 300 : 60);

test("a tall box has the room it needs", () => {
  const places = laidOut(drawing("a:fan b c", "a-b a.rest-c"), tall);
  const [b, c] = [places["b"]?.[1] ?? 0, places["c"]?.[1] ?? 0];
  expect(b < c ? c - b : b - c).toBeGreaterThanOrEqual(b < c ? 300 : 60);
});

test("the height of a box follows from its ways out", () => {
  const heightOf = heightsOf(KNOWN, drawing("a:fan b", "a-b a.rest-b"));
  expect(heightOf("a")).toBeGreaterThan(heightOf("b"));
});

test("boxes that have grown make room, and the others stay", () => {
  expect(apart({ a: [0, 0], b: [10, 100], c: [10, 350], d: [300, 0] }, tall)).toEqual({ a: [0, 0], b: [10, 100], c: [10, 416], d: [300, 0] });
});

test("a new box stands where nothing else does", () => {
  expect(freePlace({ a: [0, 0], b: [0, 70] }, tall, 60, [0, 0])).toEqual([0, 410]);
  expect(freePlace({ a: [0, 0] }, tall, 60, [300, 0])).toEqual([300, 0]);
  expect(freePlace({}, tall, 60)).toEqual([0, 0]);
});

test("an id may be a word that every object knows", () => {
  expect(Object.keys(laidOut(drawing("a constructor", "a-constructor"))).sort()).toEqual(["a", "constructor"]);
  expect(completed({ ...drawing("a constructor"), layout: { a: [0, 0] } })["constructor"]).toEqual([expect.any(Number), expect.any(Number)]);
});
