import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client, Fix, Problem } from "../src/api/client";
import { ProblemTexts } from "../src/drawer/Field";
import { t } from "../src/messages";
import type { CampaignDocument } from "../src/model/document";
import { ProblemList } from "../src/runs/ProblemList";
import type { Keeper } from "../src/saving/keeper";
import { Store } from "../src/store";
import type { Told } from "../src/told";
import { StoreContext } from "../src/ui/context";
import { endOf, pageOf } from "../src/ui/pages";
import { drawing, kind } from "./drawings";

const FIX: Fix = {
  label: "Remove “nonsense”",
  operations: [
    { op: "test", path: "/activities/1/id", value: "b" },
    { op: "remove", path: "/activities/1/config/nonsense" },
  ],
};
const found = (more: Partial<Problem> = {}): Problem => ({
  code: "settings.unknown_key",
  path: "/activities/1/config/nonsense",
  message: "“nonsense” is not known here.",
  remedy: "Remove it.",
  severity: "error",
  activity: "b",
  fixes: [FIX],
  ...more,
});

let linted: CampaignDocument[];
let problems: Problem[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  [linted, problems] = [[], [found()]];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function opened(mayEdit = true): Promise<Store> {
  const client = {
    lint: (document: CampaignDocument) => {
      linted.push(document);
      return Promise.resolve({ problems, ports: {} });
    },
    save: (_slug: string, document: CampaignDocument) => Promise.resolve({ document, etag: '"2"' }),
    place: () => Promise.resolve(),
  } as unknown as Client;
  const told = { slug: "c", mayEdit, pages: { settings: "/settings/" } } as unknown as Told;
  const keeper = { keep: () => true, forget: () => undefined } as unknown as Keeper;
  const drawn = drawing("a b c", "a-b b-c");
  const activities = (drawn.activities ?? []).map((each) => (each.id === "b" ? { ...each, config: { nonsense: 1, label: "B" } } : each));
  const store = new Store(told, client, keeper, { document: { ...drawn, activities }, etag: '"1"' }, [kind("step")], { dimension: [], channel: [], audience: [] });
  await vi.advanceTimersByTimeAsync(10);
  return store;
}

const markup = (store: Store, part: React.ReactElement) => renderToStaticMarkup(createElement(StoreContext.Provider, { value: store }, part));
const first = (store: Store): Problem => store.state.problems[0] as Problem;

test("a fix is one step that can be undone, is announced, and is followed by another look", async () => {
  const store = await opened();
  const before = store.document;
  expect(store.mend(first(store), FIX)).toBe(true);
  expect(store.document.activities?.[1]?.config).toEqual({ label: "B" });
  expect(store.state.notice?.text).toBe(t.fixed(FIX.label));
  expect(store.state.problems).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(linted.at(-1)).toEqual(store.document);
  store.undo();
  expect(store.document).toEqual(before);
});

test("what changed since it was looked at is not mended, but looked at again", async () => {
  const store = await opened();
  store.configure("b", { nonsense: 2 }, "/nonsense");
  expect(store.mend(first(store), FIX)).toBe(false);
  expect(store.document.activities?.[1]?.config).toEqual({ nonsense: 2 });
  expect(store.state.notice).toMatchObject({ text: t.fixStale, tone: "bad" });
  await vi.advanceTimersByTimeAsync(50);
  expect(linted).toHaveLength(2);
});

test("a fix that finds another activity at its place does nothing", async () => {
  problems = [found({ fixes: [{ ...FIX, operations: [{ op: "test", path: "/activities/1/id", value: "z" }, ...FIX.operations] }] })];
  const store = await opened();
  const before = store.document;
  expect(store.mend(first(store), (first(store).fixes ?? [])[0] as Fix)).toBe(false);
  expect(store.document).toBe(before);
});

test("moving an activity takes no fix away", async () => {
  const store = await opened();
  store.move({ b: [500, 500] });
  expect(store.mend(first(store), FIX)).toBe(true);
});

test("whoever may not edit is offered no fix, and cannot use one", async () => {
  const store = await opened(false);
  expect(markup(store, createElement(ProblemTexts, { problems: store.state.problems }))).not.toContain(FIX.label);
  expect(store.mend(first(store), FIX)).toBe(false);
});

test("each fix is a button at the field", async () => {
  const store = await opened();
  expect(markup(store, createElement(ProblemTexts, { problems: store.state.problems }))).toMatch(/<button[^>]*>.*Remove “nonsense”<\/button>/);
});

test("a problem of something else than this draft has no button", async () => {
  const store = await opened();
  expect(markup(store, createElement(ProblemTexts, { problems: [found({ fixes: [{ ...FIX }] })] }))).not.toContain(FIX.label);
});

test("every problem that has a place has a way there", async () => {
  const store = await opened();
  const shown = (more: Partial<Problem>) => {
    const { activity: _activity, fixes: _fixes, ...bare } = found();
    return markup(store, createElement(ProblemList, { problems: [{ ...bare, ...more }], titleOf: (id: string) => id, onGo: () => undefined }));
  };
  expect(shown({ path: "/campaign/time_zone" })).toContain('href="/settings/"');
  expect(shown({ path: "/transitions/0/port" })).toContain("<button");
  expect(shown({ path: "/schedule/at" })).not.toContain(t.goTo);
  expect(shown({ path: "/activities" })).not.toContain(t.goTo);
});

test("the pages of the admin are found by the part of the document", () => {
  const pages = { schedule: "/s/", settings: "/g/" };
  const page = (path: string) => pageOf(found({ path }), pages);
  expect(["/schedule/at", "/variables/x/value", "/campaign/name", "/errors/policy"].map(page)).toEqual(["/s/", "/g/", "/g/", "/g/"]);
  expect(["", "/activities/0", "/constructor", "/transitions/0"].map(page)).toEqual(["", "", "", ""]);
});

test("a transition is looked for at the end that is there", () => {
  const document = drawing("a", "x-a a-x x-y");
  expect([0, 1, 2, 3].map((place) => endOf(`/transitions/${place}/from`, document))).toEqual(["a", "a", "", ""]);
});
