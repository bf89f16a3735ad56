import { expect, test } from "vitest";
import type { Problem } from "../src/api/client";
import type { Change, Send } from "../src/publish/api";
import { en, ko, p } from "../src/publish/messages";
import type { Ready } from "../src/publish/words";
import { byChannel, obstacle, summary } from "../src/publish/words";

const change = (verb: Change["change"]): Change => ({ change: verb, part: "activity", name: "a", label: "A", fields: [], sentence: "A." });
const finding = (severity: Problem["severity"]): Problem => ({ code: "x", path: "", message: "Hm.", remedy: "", severity });
const send = (channel: string, will_send: number): Send => ({ activity: "m", label: "M", channel, round: 0, targeted: 9, excluded: {}, will_send });

const ready: Ready = { standing: { refused: "", label: "draft" }, findings: [], confirmed: new Set(), changes: null, state: "draft" };

test("changes are summed up by what happened", () => {
  expect(summary([change("changed"), change("added"), change("added"), change("removed")])).toBe("2 new, 1 changed, 1 gone");
  expect(summary([])).toBe("");
});

test("people are counted by channel, over all messages and rounds", () => {
  expect(byChannel([send("email", 5), send("sms", 2), send("email", 3)])).toEqual([["email", 8], ["sms", 2]]);
});

test("a sound draft can be published, also for the first time", () => {
  expect(obstacle(ready)).toBe("");
});

test("what is not known yet keeps it back without a reason", () => {
  expect(obstacle({ ...ready, findings: null })).toBeNull();
  expect(obstacle({ ...ready, changes: undefined })).toBeNull();
  expect(obstacle({ ...ready, standing: null })).toBeNull();
});

test("whoever may not is told so before anything else is known", () => {
  expect(obstacle({ ...ready, standing: { refused: "permission", label: "live" }, findings: null })).toBe(p.mayNot);
  expect(obstacle({ ...ready, standing: { refused: "state", label: "stopped" } })).toContain("stopped");
});

test("errors come before warnings, and every warning is confirmed", () => {
  const findings = [finding("warning"), finding("error"), finding("warning")];
  expect(obstacle({ ...ready, findings })).toBe(p.hasErrors);
  const warnings = [finding("warning"), finding("warning")];
  expect(obstacle({ ...ready, findings: warnings, confirmed: new Set([0]) })).toBe(p.hasWarnings);
  expect(obstacle({ ...ready, findings: warnings, confirmed: new Set([0, 1]) })).toBe("");
});

test("the same is published again only where that launches it once more", () => {
  expect(obstacle({ ...ready, changes: [], state: "live" })).toBe(p.isSame);
  expect(obstacle({ ...ready, changes: [], state: "completed" })).toBe("");
});

test("no Korean text of publishing is empty or was left in English", () => {
  const flat = (messages: object): [string, unknown][] =>
    Object.entries(messages).flatMap(([name, text]) =>
      typeof text === "object" && text !== null ? flat(text).map(([inner, each]) => [`${name}.${inner}`, each] as [string, unknown]) : [[name, text] as [string, unknown]],
    );
  const english = new Map(flat(en));
  expect(flat(ko).filter(([name, text]) => text === "" || text === english.get(name))).toEqual([]);
});
