import { expect, test } from "vitest";
import { renamed } from "../src/model/edits";
import { drawing } from "./drawings";
import { storeOf } from "./stores";

test("an address that names nothing of the campaign is told, and what is open stays open", () => {
  const store = storeOf(drawing("a b", "a-b"));
  store.openDrawer("a");
  store.follow("#gone");
  expect(store.state.open).toBe("a");
  expect([...store.state.selected]).toEqual(["a"]);
  expect(store.state.notice).toMatchObject({ tone: "bad", text: "There is no activity “gone” in this campaign." });
});

test("at first nothing is open where the address names nothing that is there", () => {
  const store = storeOf(drawing("a"));
  store.follow("#gone");
  expect(store.state.open).toBeNull();
});

test.each(["", "#", "#<b>", "#A b"])("the address “%s” names no activity, and nothing is said", (hash) => {
  const store = storeOf(drawing("a"));
  store.openDrawer("a");
  store.follow(hash);
  expect(store.state).toMatchObject({ open: "a", notice: null });
});

test("an address opens the activity it names, and what was edited stays to be undone", () => {
  const store = storeOf(drawing("a b", "a-b"));
  store.openDrawer("a");
  store.edit(renamed(store.document, "a", "Mine"));
  store.follow("#b");
  expect(store.state).toMatchObject({ open: "b", goal: { id: "b" } });
  expect(store.titleOf("a")).toBe("Mine");
  expect(store.state.history.past).toHaveLength(1);
});
