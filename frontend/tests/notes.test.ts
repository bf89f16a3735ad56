import { expect, test } from "vitest";
import { papers } from "../src/canvas/papers";
import { canonicalText, meaningText, tidied } from "../src/model/canonical";
import { fromText } from "../src/model/clipboard";
import type { Notes } from "../src/model/document";
import { beginning, noteKeys, noteOf } from "../src/model/notes";
import { isDocument } from "../src/model/shape";
import { leftOver } from "../src/outline/choosing";
import { rowsOf } from "../src/outline/rows";
import { compared, rebased, settledBy } from "../src/saving/merging";
import { noteOptions } from "../src/ui/options";
import { KNOWN, drawing } from "./drawings";
import { storeOf } from "./stores";

const noted = (notes: Notes, activities = "a b", arrows = "a-b") => ({ ...drawing(activities, arrows), notes });
const ASK = { text: "Ask legal", at: [0, 300] } as const;
const texts = (notes: Notes | undefined) => Object.values(notes ?? {}).map(({ text }) => text);

test("a document without notes is written as it always was", () => {
  const bare = drawing("a b", "a-b");
  expect(canonicalText({ ...bare, notes: {} })).toBe(canonicalText(bare));
});

test("a note is part of what is saved, wherever it lies, and its usual size is not written", () => {
  expect(meaningText(noted({ n: ASK }))).not.toBe(meaningText(noted({})));
  expect(meaningText(noted({ n: { ...ASK, at: [1, 1] } }))).not.toBe(meaningText(noted({ n: ASK })));
  expect(tidied(noted({ n: { ...ASK, size: [200, 120] } })).notes).toEqual({ n: ASK });
});

test.each([[{ n: 1 }], [{ n: { text: 1, at: [0, 0] } }], [{ n: { text: "x" } }], [{ n: { ...ASK, size: [1] } }]])("%j are no notes", (notes) => {
  expect(isDocument({ ...drawing("a"), notes })).toBe(false);
});

test("whoever may only look adds no note", () => {
  const store = storeOf(drawing("a"), false);
  store.addNote();
  expect(store.document.notes).toBeUndefined();
});

test("more than a hundred are refused", () => {
  const store = storeOf(noted(Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`n${number}`, ASK]))));
  store.addNote();
  expect(noteKeys(store.document)).toHaveLength(100);
  expect(store.state.notice?.tone).toBe("bad");
});

test("a note is put where somebody looks, and is written there at once", () => {
  const store = storeOf(drawing("a"));
  store.sight = () => [40.4, -7];
  store.addNote();
  const [key = ""] = noteKeys(store.document);
  expect(store.state).toMatchObject({ renaming: key, goal: { id: key }, open: null });
  expect([...store.state.notes]).toEqual([key]);
  expect(noteOf(store.document, key)).toEqual({ text: "", at: [40, -7] });
});

test("letters are one step, and so is the end of a note that says nothing", () => {
  const store = storeOf(drawing("a"));
  store.addNote();
  const [key = ""] = noteKeys(store.document);
  for (const text of ["A", "As", "Ask"]) store.writeNote(key, text);
  store.endNote(key);
  expect(store.state.renaming).toBeNull();
  store.undo();
  expect(noteOf(store.document, key)?.text).toBe("");
  store.redo();
  expect(noteOf(store.document, key)?.text).toBe("Ask");
  store.writeNote(key, "  ");
  store.endNote(key);
  expect(noteKeys(store.document)).toEqual([]);
});

test("no note becomes longer than the document allows, or smaller", () => {
  const store = storeOf(noted({ n: ASK }));
  store.writeNote("note:n", "x".repeat(3000));
  store.sizeNote("note:n", [3, 9999]);
  expect(noteOf(store.document, "note:n")).toMatchObject({ text: "x".repeat(2000), size: [80, 2000] });
});

test("boxes and notes are moved and aligned together, as one step", () => {
  const store = storeOf(noted({ n: ASK }));
  store.move({ a: [10, 10], "note:n": [20, 20] });
  expect(store.document).toMatchObject({ layout: { a: [10, 10] }, notes: { n: { at: [20, 20] } } });
  store.choose(["a", "note:n"]);
  store.align("left");
  expect(store.document).toMatchObject({ layout: { a: [10, 10] }, notes: { n: { at: [10, 100] } } });
  store.undo();
  store.undo();
  expect(noteOf(store.document, "note:n")?.at).toEqual([0, 300]);
});

test("notes are deleted with what is selected beside them", () => {
  const store = storeOf(noted({ n: ASK, m: ASK }));
  store.choose(["a", "note:n"]);
  store.removeSelected();
  expect(store.document.activities?.map(({ id }) => id)).toEqual(["b"]);
  expect(noteKeys(store.document)).toEqual(["note:m"]);
  expect(store.state.notes.size).toBe(0);
});

test("a copied note lies beside the first, and each has its own id", () => {
  const store = storeOf(noted({ n: { ...ASK, size: [300, 90] } }));
  store.aim("note:n");
  store.paste(store.copied() ?? "");
  expect(texts(store.document.notes)).toEqual(["Ask legal", "Ask legal"]);
  const [pasted = ""] = store.state.notes;
  expect(noteOf(store.document, pasted)).toEqual({ text: "Ask legal", at: [40, 340], size: [300, 90] });
});

test("what is no note is not pasted", () => {
  const cut = (notes: unknown) => fromText(JSON.stringify({ kind: "tutti/cutting", activities: [], notes }));
  expect([cut({}), cut({ n: { text: 1, at: [0, 0] } }), cut({ "<b>": ASK }), cut({ n: { text: "x", at: ["0", 0] } })]).toEqual([null, null, null, null]);
});

test("a note is found by what it says, also far behind its beginning", () => {
  const [entry] = noteOptions(noted({ n: { ...ASK, text: `${"so much ".repeat(12)}in the end 금요일` } }));
  expect(entry).toMatchObject({ key: "note:n" });
  expect(`${entry?.label} ${entry?.detail}`).toContain("금요일");
  expect(beginning("  a\n\n b ")).toBe("a b");
});

test("whoever is sent to a note sees it, and no settings", () => {
  const store = storeOf(noted({ n: ASK }));
  store.openDrawer("a");
  store.goTo("note:n");
  expect(store.state).toMatchObject({ open: null, goal: { id: "note:n" } });
  expect([...store.chosen]).toEqual(["note:n"]);
});

test("the outline ends with the notes, from top to bottom", () => {
  const rows = rowsOf(noted({ low: ASK, high: { text: "First", at: [0, -5] } }, "a:over", ""), KNOWN);
  expect(rows.map(({ key }) => key)).toEqual(["a", "note:high", "note:low"]);
  expect(leftOver(rows, 0, new Set(["a"]))).toBe(1);
});

test("two people's notes go together, and of one that both changed somebody chooses", () => {
  const base = noted({ n: ASK });
  const theirs = noted({ n: ASK, t: { text: "Theirs", at: [0, 0] } });
  const mine = noted({ n: { ...ASK, text: "Asked" } });
  const parts = settledBy(compared(base, theirs, mine), new Map());
  expect(texts(rebased(mine, { parts, drifts: [] }).notes).sort()).toEqual(["Asked", "Theirs"]);
  const both = compared(base, noted({ n: { ...ASK, text: "No" } }), mine);
  expect(both.map(({ kind, fate }) => `${kind} ${fate}`)).toEqual(["note both"]);
});

test("a note that did not change is the same object, and one that is dragged stays under the pointer", () => {
  const drawn = { document: noted({ n: ASK }), known: KNOWN, problems: [], selected: new Set<string>(), renaming: null, mayEdit: true };
  const [first] = papers(drawn, []);
  if (!first) throw new Error("a note was drawn");
  expect(first).toMatchObject({ ariaLabel: "Note: Ask legal", width: 200, height: 120 });
  expect(papers(drawn, [first])[0]).toBe(first);
  const dragged = { ...first, dragging: true, position: { x: 7, y: 7 } };
  expect(papers({ ...drawn, notes: new Set(["note:n"]) }, [dragged])[0]?.position).toEqual({ x: 7, y: 7 });
});
