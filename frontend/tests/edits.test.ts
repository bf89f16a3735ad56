import { describe, expect, test } from "vitest";
import { canonicalText } from "../src/model/canonical";
import type { CampaignDocument } from "../src/model/document";
import {
  added,
  addedAfter,
  configured,
  connected,
  cutting,
  disconnected,
  inserted,
  moved,
  newActivity,
  pasted,
  removed,
  renamed,
} from "../src/model/edits";
import { KNOWN, arrows, drawing, ids } from "./drawings";
import { storeOf } from "./stores";

const frozen = (document: CampaignDocument): CampaignDocument => {
  const deep = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    Object.freeze(value);
    Object.values(value).forEach(deep);
  };
  deep(document);
  return document;
};

test("no edit changes the document it was given", () => {
  const document = frozen(drawing("a b:unite c", "a-b b-c"));
  const before = canonicalText(document);
  added(document, { id: "d", type: "step" }, [1, 2]);
  inserted(document, KNOWN, { id: "d", type: "step" }, { from: "a", to: "b" });
  removed(document, KNOWN, new Set(["b"]));
  pasted(document, KNOWN, cutting(document, new Set(["a", "b"])), [10, 10]);
  moved(document, { a: [5, 5] });
  renamed(document, "a", "x");
  configured(document, "a", { x: 1 });
  expect(canonicalText(document)).toBe(before);
});

test("edits of what is not there change nothing", () => {
  const document = drawing("a b", "a-b");
  const same = canonicalText(document);
  expect(canonicalText(renamed(document, "z", "x"))).toBe(same);
  expect(canonicalText(removed(document, KNOWN, new Set(["z"])))).toBe(same);
  expect(canonicalText(moved(document, { z: [1, 1] }))).toBe(same);
  expect(canonicalText(disconnected(document, new Set(["a main z"])))).toBe(same);
});

test("a place is whole numbers", () => {
  expect(added(drawing("a"), { id: "b", type: "step" }, [1.4, -2.6]).layout).toEqual({ b: [1, -3] });
});

test("a label that is emptied is left out", () => {
  const named = renamed(drawing("a"), "a", "Friends");
  expect(named.activities?.[0]?.label).toBe("Friends");
  expect(renamed(named, "a", "").activities?.[0]).toEqual({ id: "a", type: "step" });
});

test("empty settings are left out", () => {
  expect(configured(drawing("a"), "a", {}).activities?.[0]).toEqual({ id: "a", type: "step" });
});

describe("inserting", () => {
  test("takes the transition over at both sides, and its label", () => {
    const document = { ...drawing("a b"), transitions: [{ from: "a", to: "b", label: "yes" }] };
    const grown = inserted(document, KNOWN, { id: "n", type: "step" }, { from: "a", to: "b", label: "yes" });
    expect(arrows(grown)).toEqual(["a-n", "n-b"]);
    expect(grown.transitions?.[0]?.label).toBe("yes");
  });
  test("what has no way out ends the branch", () => {
    const grown = inserted(drawing("a b", "a-b"), KNOWN, { id: "n", type: "over" }, { from: "a", to: "b" });
    expect(arrows(grown)).toEqual(["a-n"]);
  });
  test("behind a port that leads on is into its transition", () => {
    const grown = addedAfter(drawing("a b", "a-b"), KNOWN, { id: "n", type: "step" }, { from: "a", port: "main" });
    expect(arrows(grown)).toEqual(["a-n", "n-b"]);
  });
  test("behind a port that is free", () => {
    const grown = addedAfter(drawing("a:fan b", "a-b"), KNOWN, { id: "n", type: "step" }, { from: "a", port: "rest" });
    expect(arrows(grown)).toEqual(["a-b", "a.rest-n"]);
  });
  test("settings that name the source follow", () => {
    const document = configured(drawing("a b u:unite", "a-u b-u"), "u", {
      primary: "a.main",
      rules: [{ arrow: "b" }],
      note: "a",
    });
    const grown = inserted(document, KNOWN, { id: "n", type: "step" }, { from: "a", to: "u" });
    expect(grown.activities?.find(({ id }) => id === "u")?.config).toEqual({
      primary: "n.main",
      rules: [{ arrow: "b" }],
      note: "a",
    });
  });
});

describe("removing", () => {
  test("leads on what came to what followed", () => {
    expect(arrows(removed(drawing("a b c", "a-b b-c"), KNOWN, new Set(["b"])))).toEqual(["a-c"]);
  });
  test("never makes an illegal transition of it", () => {
    const fan = removed(drawing("a f:fan b c", "a-f f-b f.rest-c"), KNOWN, new Set(["f"]));
    expect(arrows(fan)).toEqual(["a-b"]);
    const unite = removed(drawing("a b u:unite c", "a-u b-u u-c"), KNOWN, new Set(["u"]));
    expect(arrows(unite)).toEqual(["a-c"]);
  });
  test("several at once, side by side", () => {
    expect(arrows(removed(drawing("a b c d", "a-b b-c c-d"), KNOWN, new Set(["b", "c"])))).toEqual(["a-d"]);
  });
  test("takes the place in the layout along", () => {
    const document = moved(drawing("a b"), { a: [0, 0], b: [1, 1] });
    expect(removed(document, KNOWN, new Set(["a"])).layout).toEqual({ b: [1, 1] });
  });
  test("settings that named it name what stands in its place", () => {
    const document = configured(drawing("a b u:unite", "a-b b-u"), "u", { primary: "b" });
    const less = removed(document, KNOWN, new Set(["b"]));
    expect(less.activities?.find(({ id }) => id === "u")?.config).toEqual({ primary: "a" });
  });
});

describe("pasting", () => {
  test("gives ids of its own, to settings too, and shifts", () => {
    const document = moved(configured(drawing("a u:unite", "a-u"), "u", { primary: "a" }), { a: [0, 0], u: [10, 10] });
    const { document: grown, ids: fresh } = pasted(document, KNOWN, cutting(document, new Set(["a", "u"])), [5, 5]);
    expect(fresh).toEqual(["a-2", "u-2"]);
    expect(arrows(grown)).toEqual(["a-u", "a-2-u-2"]);
    expect(grown.activities?.find(({ id }) => id === "u-2")?.config).toEqual({ primary: "a-2" });
    expect(grown.layout?.["a-2"]).toEqual([5, 5]);
  });
  test("leaves transitions to the outside behind", () => {
    const document = drawing("a b c", "a-b b-c");
    expect(cutting(document, new Set(["a", "b"])).transitions).toHaveLength(1);
  });
  test("the same twice never collides", () => {
    const document = drawing("a");
    const cut = cutting(document, new Set(["a"]));
    const once = pasted(document, KNOWN, cut, [0, 0]).document;
    expect(ids(pasted(once, KNOWN, cut, [0, 0]).document)).toEqual(["a", "a-2", "a-3"]);
  });
});

test("connecting and disconnecting", () => {
  const document = connected(drawing("a:fan b"), { from: "a", port: "rest", to: "b" });
  expect(arrows(document)).toEqual(["a.rest-b"]);
  expect(arrows(disconnected(document, new Set(["a rest b"])))).toEqual([]);
});

test("a new activity is called after its type", () => {
  expect(newActivity(drawing("step step-2"), KNOWN, "step")).toEqual({ id: "step-3", type: "step" });
});

test("only the transition that is named gets the label, and one of blanks is none", () => {
  const store = storeOf(drawing("a:fan b c", "a-b a.rest-c"));
  store.rename("a rest c", `  ${"금".repeat(250)} `);
  expect(store.document.transitions).toEqual([{ from: "a", to: "b" }, { from: "a", port: "rest", to: "c", label: "금".repeat(200) }]);
  store.rename("a rest c", "  ");
  expect(store.document.transitions?.[1]).toEqual({ from: "a", port: "rest", to: "c" });
  store.undo();
  expect(store.document.transitions?.[1]?.label).toHaveLength(200);
});

test("the label of a transition that is gone changes nothing, and writing has come to its end", () => {
  const store = storeOf(drawing("a b", "a-b"));
  store.startRenaming("a main b");
  store.disconnect(new Set(["a main b"]));
  store.rename("a main b", "late");
  expect(store.document.transitions).toBeUndefined();
  expect(store.state.renaming).toBeNull();
});
