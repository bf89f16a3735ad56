import { afterEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../src/api/client";
import { isDecided, Keys, newKey } from "../src/api/keys";

afterEach(() => void vi.unstubAllGlobals());

test("without a secure context there are keys too", () => {
  vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(7) });
  expect(newKey()).toBe("07".repeat(16));
});

test("a key is an id as the server takes it, and no two are the same", () => {
  const keys = Array.from({ length: 100 }, newKey);
  expect(keys.every((key) => /^[A-Za-z0-9_-]{8,64}$/.test(key))).toBe(true);
  expect(new Set(keys).size).toBe(100);
});

test("an act keeps its key until it is settled", () => {
  const keys = new Keys();
  const first = keys.of("test 1");
  expect([keys.of("test 1") === first, keys.of("test 2") === first]).toEqual([true, false]);
  keys.settle("test 1");
  expect(keys.of("test 1")).not.toBe(first);
});

test.each([
  [new Unreachable("lost"), false],
  [new Refused(401, { code: "not_authenticated" }, "", 0), false],
  [new Refused(403, { code: "csrf_failed" }, "", 0), false],
  [new Refused(403, { code: "other_user" }, "", 0), false],
  [new Refused(429, { code: "throttled" }, "", 9), false],
  [new Refused(409, { code: "idempotency_in_progress" }, "", 0), false],
  [new Refused(403, { code: "permission_denied" }, "", 0), true],
  [new Refused(409, { code: "conflict" }, "", 0), true],
])("whether %s has decided the act", (error, decided) => expect(isDecided(error)).toBe(decided));
