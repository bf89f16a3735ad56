import { expect, test } from "vitest";
import type { Problem } from "../src/api/client";
import { below, findingsOf, own } from "../src/drawer/problems";
import type { Surroundings } from "../src/drawer/widgets";
import { offered } from "../src/drawer/widgets";
import { KNOWN, drawing, port } from "./drawings";

const problem = (path: string, activity?: string): Problem => ({
  code: "x",
  path,
  message: path,
  remedy: "",
  severity: "error",
  ...(activity ? { activity } : {}),
});

const DOCUMENT = drawing("a b", "a-b");

test("findings of others are not shown", () => {
  expect(findingsOf(DOCUMENT, [problem("/activities/1/config/x", "b"), problem("/schedule")], "a")).toEqual([]);
});

test("a finding without its activity's name is found by its place", () => {
  expect(findingsOf(DOCUMENT, [problem("/activities/1/label")], "b")).toHaveLength(1);
});

test("each finding is shown exactly once, at the deepest part that answers for it", () => {
  const all = findingsOf(
    DOCUMENT,
    [
      problem("/activities/0", "a"),
      problem("/activities/0/config/content/subject", "a"),
      problem("/activities/0/config/gone/deep", "a"),
      problem("/activities/0/config/a~1b", "a"),
    ],
    "a",
  );
  const texts = (problems: Problem[]) => problems.map(({ path }) => path);
  expect(texts(own(all, ["content", "a/b"]))).toEqual(["/activities/0", "/activities/0/config/gone/deep"]);
  expect(texts(own(below(all, "a/b"), []))).toEqual(["/activities/0/config/a~1b"]);
  const content = below(all, "content");
  expect(own(content, ["subject"])).toEqual([]);
  expect(texts(own(below(content, "subject"), []))).toEqual(["/activities/0/config/content/subject"]);
});

const around = (activities: string, arrows: string, id: string): Surroundings => ({
  document: drawing(activities, arrows),
  known: KNOWN,
  choices: { dimension: [{ value: "person", label: "Person" }], channel: [], audience: [] },
  id,
});

test("a widget nobody knows offers nothing", () => expect(offered("colour", around("a", "", "a"))).toBeNull());

test("the server's lists are offered as they are", () => {
  expect(offered("dimension", around("a", "", "a"))).toEqual([{ value: "person", label: "Person" }]);
});

test("inbound transitions are named by their source, and its port where that is not enough", () => {
  expect(offered("arrow", around("a b u:unite", "a-u b-u", "u"))?.map(({ value }) => value)).toEqual(["a", "b"]);
  expect(offered("arrow", around("f:fan u:unite", "f-u f.rest-u", "u"))?.map(({ value }) => value)).toEqual([
    "f.main",
    "f.rest",
  ]);
});

test("a port is named as people see it, not by its id", () => {
  const known = { ...KNOWN, ports: { f: [port("main", { label: "Gold" }), port("rest", { label: "All others" })] } };
  const offers = offered("arrow", { ...around("f:fan u:unite", "f-u f.rest-u", "u"), known });
  expect(offers?.map(({ label }) => label)).toEqual(["FAN: Gold", "FAN: All others"]);
});

test("only what stands before can be gone back to", () => {
  expect(offered("earlier_activity", around("a b c d", "a-b b-c", "c"))?.map(({ value }) => value)).toEqual(["a", "b"]);
});
