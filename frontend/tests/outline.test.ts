import { expect, test } from "vitest";
import { flowRows } from "../src/outline/rows";
import { KNOWN, drawing, port } from "./drawings";

const lines = (activities: string, arrows = "", known = KNOWN) =>
  flowRows(drawing(activities, arrows), known).map((row) =>
    row.is === "activity" ? `${row.number} ${row.activity.id}` : `${row.port.name} → ${row.transition?.to ?? "?"}`,
  );

test("no activities are no rows", () => expect(lines("")).toEqual([]));

test("a way out that leads nowhere has a row, for it may lead somewhere", () => {
  expect(lines("a:fan", "")).toEqual(["1 a", "main → ?", "rest → ?"]);
});

test("what has no way out has no rows below it", () => expect(lines("a:over")).toEqual(["1 a"]));

test("a port that no setting gives any more is still shown with its transition", () => {
  expect(lines("a b", "a.gone-b")).toEqual(["1 a", "main → ?", "gone → b", "2 b", "main → ?"]);
});

test("several transitions by one port have a row each, and keys of their own", () => {
  const rows = flowRows(drawing("a b:over c:over", "a-b a-c"), KNOWN);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  expect(lines("a b:over c:over", "a-b a-c").slice(0, 3)).toEqual(["1 a", "main → b", "main → c"]);
});

test("the ports of the settings win over those of the type", () => {
  expect(lines("a", "", { ...KNOWN, ports: { a: [port("gold")] } })).toEqual(["1 a", "gold → ?"]);
});
