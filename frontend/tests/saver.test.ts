import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../src/api/client";
import type { CampaignDocument } from "../src/model/document";
import { added, moved, renamed, withIds } from "../src/model/edits";
import { rebased } from "../src/saving/merging";
import type { SaveState } from "../src/saving/saver";
import { Saver } from "../src/saving/saver";
import { canonicalText } from "../src/model/canonical";
import { KNOWN, ids } from "./drawings";
import { Server } from "./server";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function desk(server: Server) {
  const it = {
    document: server.document,
    states: [] as string[],
    last: { is: "saved" } as SaveState,
    kept: null as CampaignDocument | null,
    tookOver: 0,
    saver: null as unknown as Saver,
    edit(next: CampaignDocument) {
      it.document = next;
      it.saver.touch();
    },
  };
  it.saver = new Saver(
    "c",
    server,
    {
      present: () => it.document,
      rebase: (settled) => (it.document = rebased(it.document, settled)),
      setApart: (taken) => (it.document = withIds(it.document, KNOWN, new Map(taken.map((id) => [id, `${id}-2`])))),
      tookOver: (count) => (it.tookOver += count),
      told: (state) => {
        it.last = state;
        it.states.push(state.is);
      },
      keep: (document) => (it.kept = document),
      forget: () => (it.kept = null),
    },
    server.document,
    server.etag,
  );
  return it;
}

test("nothing is sent where nothing changed", async () => {
  const server = new Server();
  const one = desk(server);
  one.saver.touch();
  await vi.runAllTimersAsync();
  expect(await one.saver.flush()).toBe(true);
  expect(server.calls).toEqual([]);
});

test("many edits in a row are one save, and kept until then", async () => {
  const server = new Server();
  const one = desk(server);
  for (const label of ["F", "Fr", "Fri"]) one.edit(renamed(one.document, "a", label));
  expect(one.kept).toBe(one.document);
  await vi.runAllTimersAsync();
  expect(server.calls).toEqual(['PUT "1"']);
  expect(one.states).toEqual(["unsaved", "saving", "saved"]);
  expect(one.kept).toBeNull();
});

test("moving is no save of the draft", async () => {
  const server = new Server();
  const one = desk(server);
  one.edit(moved(one.document, { a: [1, 2] }));
  await vi.runAllTimersAsync();
  expect(server.calls).toEqual(["PATCH"]);
  expect(canonicalText(server.document)).toBe(canonicalText(one.document));
});

test("what is edited while a save is under way is saved after it, with the new ETag", async () => {
  const server = new Server();
  const one = desk(server);
  server.beforeAnswer = () => {
    server.beforeAnswer = null;
    one.edit(renamed(one.document, "b", "later"));
  };
  one.edit(renamed(one.document, "a", "first"));
  await vi.runAllTimersAsync();
  expect(server.calls).toEqual(['PUT "1"', 'PUT "2"']);
  expect(one.last.is).toBe("saved");
  expect(server.document.activities?.map(({ label }) => label)).toEqual(["first", "later"]);
});

test("a dead network is tried again until it lives, and nothing is lost", async () => {
  const server = new Server();
  const one = desk(server);
  server.fail(...Array.from({ length: 7 }, () => new Unreachable("gone")));
  one.edit(renamed(one.document, "a", "kept"));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(one.last.is).toBe("offline");
  expect(one.kept?.activities?.[0]?.label).toBe("kept");
  await vi.runAllTimersAsync();
  expect(one.last.is).toBe("saved");
  expect(server.document.activities?.[0]?.label).toBe("kept");
});

test("a refusal is said and tried again at the next edit only", async () => {
  const server = new Server();
  const one = desk(server);
  server.fail(new Refused(422, { detail: "No.", problems: [] }, "", 0));
  one.edit(renamed(one.document, "a", "bad"));
  await vi.runAllTimersAsync();
  expect(one.last).toEqual({ is: "refused", message: "No." });
  expect(server.calls).toHaveLength(1);
  one.edit(renamed(one.document, "a", "good"));
  await vi.runAllTimersAsync();
  expect(one.last.is).toBe("saved");
});

test.each([
  [401, "not_authenticated", "signed_out"],
  [403, "csrf_failed", "signed_out"],
  [403, "other_user", "other_user"],
  [403, "permission_denied", "refused"],
])("whoever gets %i %s keeps the edit, is told so, and saves once that is over", async (status, code, is) => {
  const server = new Server();
  const one = desk(server);
  server.fail(new Refused(status, { code }, "", 0));
  one.edit(renamed(one.document, "a", "mine"));
  await vi.runAllTimersAsync();
  expect(one.last.is).toBe(is);
  expect(one.kept).not.toBeNull();
  expect(await one.saver.flush()).toBe(true);
  expect(server.document.activities?.[0]?.label).toBe("mine");
});

test("where somebody was first and changed the same, nothing is sent until somebody chose", async () => {
  const server = new Server();
  const one = desk(server);
  server.replace(renamed(renamed(server.document, "a", "theirs"), "b", "theirs"));
  one.edit(renamed(one.document, "a", "mine"));
  await vi.runAllTimersAsync();
  expect(one.last.is).toBe("conflict");
  one.edit(renamed(one.document, "a", "mine again"));
  await vi.runAllTimersAsync();
  expect(server.calls).toEqual(['PUT "1"']);
  const theirs = await server.draft();
  const b = theirs.document.activities?.[1] as never;
  one.saver.resolved([{ kind: "activity", name: "b", value: b }], theirs);
  await vi.runAllTimersAsync();
  expect(one.last.is).toBe("saved");
  expect(server.document.activities?.map(({ label }) => label)).toEqual(["mine again", "theirs"]);
});

test("where somebody was first and changed something else, both changes stay and nobody is asked", async () => {
  const server = new Server();
  const one = desk(server);
  server.replace(renamed(server.document, "b", "theirs"));
  one.edit(renamed(one.document, "a", "mine"));
  await vi.runAllTimersAsync();
  expect(one.states).not.toContain("conflict");
  expect([one.last.is, one.tookOver]).toEqual(["saved", 1]);
  expect(server.document.activities?.map(({ label }) => label)).toEqual(["mine", "theirs"]);
});

test("two who each add something new with the same id both have it", async () => {
  const server = new Server();
  const one = desk(server);
  server.replace(added(server.document, { id: "wait", type: "step" }));
  one.edit(added(one.document, { id: "wait", type: "step" }));
  await vi.runAllTimersAsync();
  expect(ids(server.document)).toEqual(["a", "b", "wait", "wait-2"]);
});

test("a save whose answer was lost is no conflict, also if more was edited since", async () => {
  for (const more of [false, true]) {
    const server = new Server();
    const one = desk(server);
    server.trouble = [{ error: new Unreachable("the answer was lost"), when: "after" }];
    one.edit(added(one.document, { id: "wait", type: "step" }));
    await vi.advanceTimersByTimeAsync(800);
    expect(one.last.is).toBe("offline");
    if (more) one.edit(renamed(one.document, "a", "later"));
    await vi.runAllTimersAsync();
    expect(one.states).not.toContain("conflict");
    expect(one.last.is).toBe("saved");
    expect(ids(server.document)).toEqual(["a", "b", "wait"]);
    expect(server.document.activities?.[0]?.label ?? "").toBe(more ? "later" : "");
  }
});

test("places that are undone are taken out again, beside an edit or alone", async () => {
  for (const label of ["", "mine"]) {
    const server = new Server();
    const one = desk(server);
    const before = one.document;
    one.edit(moved(renamed(one.document, "a", "x"), { a: [1, 2], b: [3, 4] }));
    await vi.runAllTimersAsync();
    expect(server.document.layout).toEqual({ a: [1, 2], b: [3, 4] });
    one.edit(renamed(before, "a", label));
    await vi.runAllTimersAsync();
    expect(one.last.is).toBe("saved");
    expect(canonicalText(server.document)).toBe(canonicalText(renamed(before, "a", label)));
  }
});

test("what somebody else moved stays where they put it", async () => {
  const server = new Server();
  const one = desk(server);
  server.document = moved(server.document, { b: [7, 7] });
  one.edit(moved(renamed(one.document, "a", "mine"), { a: [1, 2] }));
  await vi.runAllTimersAsync();
  expect(server.document.layout).toEqual({ a: [1, 2], b: [7, 7] });
  expect(one.document.layout).toEqual({ a: [1, 2], b: [7, 7] });
});

test("an edit that is undone before it is sent leaves nothing to save", async () => {
  const server = new Server();
  const one = desk(server);
  const before = one.document;
  one.edit(renamed(before, "a", "x"));
  one.edit(before);
  await vi.runAllTimersAsync();
  expect(server.calls).toEqual([]);
  expect(one.last.is).toBe("saved");
  expect(one.kept).toBeNull();
});

test("of several who wait for a save only one goes on, so that nobody is taken for a stranger", async () => {
  const server = new Server();
  const one = desk(server);
  one.document = renamed(one.document, "a", "First");
  const first = one.saver.flush();
  one.document = renamed(one.document, "a", "Second");
  const others = [one.saver.flush(), one.saver.flush()];
  await vi.runAllTimersAsync();
  expect(await Promise.all([first, ...others])).toEqual([true, true, true]);
  expect(server.calls).toEqual(['PUT "1"', 'PUT "2"']);
  expect(one.states).not.toContain("conflict");
});
