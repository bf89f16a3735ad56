import { expect, test } from "vitest";
import { canonicalText } from "../src/model/canonical";
import { refusal } from "../src/model/connecting";
import type { CampaignDocument } from "../src/model/document";
import { added, configured, connected, moved, newActivity, removed, renamed } from "../src/model/edits";
import type { History } from "../src/model/history";
import { begun, done, redone, settled, undone } from "../src/model/history";
import { KNOWN, chance, drawing, ids } from "./drawings";

test("nothing to undo or redo leaves everything as it is", () => {
  const history = begun(drawing("a"));
  expect(undone(history)).toBe(history);
  expect(redone(history)).toBe(history);
});

test("what changes nothing is no step", () => {
  const history = begun(drawing("a"));
  expect(done(history, renamed(history.present, "a", ""))).toBe(history);
});

test("what was undone is gone after another edit", () => {
  let history = done(begun(drawing("a")), renamed(drawing("a"), "a", "x"));
  history = undone(history);
  history = done(history, renamed(history.present, "a", "y"));
  expect(redone(history)).toBe(history);
});

test("edits of one mark are one step, until something else happens", () => {
  const typed = (history: History, label: string) => done(history, renamed(history.present, "a", label), "label a");
  let history = ["F", "Fr", "Fri"].reduce(typed, begun(drawing("a")));
  expect(history.past).toHaveLength(1);
  history = typed(settled(history), "Frie");
  expect(history.past).toHaveLength(2);
});

function anyEdit(document: CampaignDocument, random: () => number): CampaignDocument {
  const all = ids(document);
  const some = () => all[Math.floor(random() * all.length)] ?? "";
  const types = [...KNOWN.kinds.keys()];
  switch (Math.floor(random() * 6)) {
    case 0:
      return added(document, newActivity(document, KNOWN, types[Math.floor(random() * types.length)] ?? "step"), [
        random() * 900,
        random() * 900,
      ]);
    case 1:
      return all.length > 3 ? removed(document, KNOWN, new Set([some()])) : document;
    case 2:
      return renamed(document, some(), `Label ${random()} 안녕 👋`);
    case 3:
      return moved(document, { [some()]: [random() * 100, random() * 100] });
    case 4:
      return configured(document, some(), { deep: { b: random(), a: [1, "two", null] } });
    default: {
      const wanted = { from: some(), port: "main", to: some() };
      return refusal(document, KNOWN, wanted) ? document : connected(document, wanted);
    }
  }
}

test.each([1, 2, 3, 4, 5])("300 random edits undone give the document byte for byte, and redone too (%i)", (seed) => {
  const random = chance(seed);
  const first = drawing("a:start b c:unite d:fan", "a-b d-c");
  const texts = [canonicalText(first)];
  let history = begun(first);
  for (let step = 0; step < 300; step++) {
    const before = history;
    history = done(history, anyEdit(history.present, random));
    if (history !== before) texts.push(canonicalText(history.present));
  }
  expect(history.past.length).toBeGreaterThan(100);
  for (const text of [...texts].reverse()) {
    expect(canonicalText(history.present)).toBe(text);
    history = undone(history);
  }
  for (const text of texts) {
    expect(canonicalText(history.present)).toBe(text);
    history = redone(history);
  }
});
