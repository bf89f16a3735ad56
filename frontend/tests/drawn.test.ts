import { expect, test } from "vitest";
import type { Drawn } from "../src/canvas/drawn";
import { arrows, boxes } from "../src/canvas/drawn";
import { moved, renamed } from "../src/model/edits";
import { KNOWN, drawing, port } from "./drawings";

const drawn = (more: Partial<Drawn> = {}): Drawn => ({
  document: drawing("a b", "a-b"),
  known: KNOWN,
  problems: [],
  selected: new Set(),
  renaming: null,
  mayEdit: true,
  ...more,
});

test("a transition that leads to nothing is not drawn, so that nothing breaks", () => {
  expect(arrows(drawn({ document: drawing("a", "a-gone") }), new Set(), new Map())).toEqual([]);
});

test("a transition is called by what people call its ends, not by their ids", () => {
  const document = { ...renamed(drawing("a:fan b", "a.rest-b"), "b", "Letter"), transitions: [{ from: "a", port: "rest", to: "b", label: "no answer" }] };
  const known = { ...KNOWN, ports: { a: [port("main", { label: "Reached" }), port("rest", { label: "Not reached" })] } };
  const [arrow] = arrows(drawn({ document, known }), new Set(), new Map());
  expect(arrow?.data?.words).toBe("FAN, Not reached → Letter");
  expect(arrow?.ariaLabel).toBe("Transition, FAN, Not reached → Letter, no answer");
});

test("the only way out needs no name", () => {
  expect(arrows(drawn(), new Set(), new Map())[0]?.data?.words).toBe("STEP → STEP");
});

test("an unknown type is drawn too", () => {
  const [box] = boxes(drawn({ document: drawing("a:gone") }), []);
  expect(box?.data).toMatchObject({ title: "a", type: "gone", icon: "help", takesInbound: true });
});

test("what did not change is the same object", () => {
  const first = boxes(drawn(), []);
  const again = boxes(drawn(), first);
  expect(again[0]).toBe(first[0]);
  const changed = boxes(drawn({ document: renamed(drawing("a b", "a-b"), "b", "New") }), first);
  expect(changed[0]).toBe(first[0]);
  expect(changed[1]).not.toBe(first[1]);
});

test("a box that is being dragged stays under the pointer", () => {
  const [a, b] = boxes(drawn(), []);
  if (!a || !b) throw new Error("two boxes were drawn");
  const dragged = { ...a, dragging: true, position: { x: 777, y: 7 } };
  const document = moved(renamed(drawing("a b", "a-b"), "a", "New"), { a: [0, 0], b: [1, 1] });
  expect(boxes(drawn({ document }), [dragged, b])[0]?.position).toEqual({ x: 777, y: 7 });
});

test("problems are counted at their activity", () => {
  const found = { code: "x", path: "", message: "", remedy: "", activity: "a" };
  const problems = [
    { ...found, severity: "error" as const },
    { ...found, severity: "warning" as const },
  ];
  expect(boxes(drawn({ problems }), [])[0]?.data).toMatchObject({ errors: 1, warnings: 1 });
});

test("an id may be a word that every object knows", () => {
  const document = drawing("constructor other", "constructor-other");
  const [box] = boxes(drawn({ document }), []);
  expect(box?.data.ports.map(({ name }) => name)).toEqual(["main"]);
  expect(box?.position).toEqual({ x: expect.any(Number), y: expect.any(Number) });
});
