import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client, Refused } from "../src/api/client";

/** The session that the server knows, and the requests it got. */
let present: string;
let requests: { method: string; token: string | null; openedBy: string | null }[];

function answer(_path: string, { method, headers }: { method: string; headers: Record<string, string> }): Promise<Response> {
  const token = headers["X-CSRFToken"] ?? null;
  requests.push({ method, token, openedBy: headers["X-Opened-By"] ?? null });
  const isFine = method === "GET" || token === present;
  const body = isFine ? {} : { code: "csrf_failed", detail: "This page belongs to an earlier session." };
  return Promise.resolve(new Response(JSON.stringify(body), { status: isFine ? 200 : 403 }));
}

beforeEach(() => {
  [present, requests] = ["new", []];
  vi.stubGlobal("fetch", answer);
});
afterEach(() => void vi.unstubAllGlobals());

/** The cookie has these values, one after the other. */
const client = (...tokens: string[]) => new Client("/api/v1/", "en", () => (tokens.length > 1 ? (tokens.shift() ?? "") : (tokens[0] ?? "")), "7");

test("a token of an earlier session is refused once, not for ever", async () => {
  const refusal = await client("old").json("c/", { method: "PUT", body: {} }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refused);
  expect(requests).toHaveLength(1);
});

test("where somebody has signed in again meanwhile it is sent again with the new token", async () => {
  await client("old", "new").json("c/", { method: "PUT", body: {} });
  expect(requests.map(({ token }) => token)).toEqual(["old", "new"]);
});

test("the token is read at each request", async () => {
  const it = client("new", "other");
  await it.json("c/", { method: "PUT", body: {} });
  present = "other";
  await it.json("c/", { method: "PUT", body: {} });
  expect(requests.map(({ token }) => token)).toEqual(["new", "other"]);
});

test("every request says whose page it is, and a question has no token", async () => {
  await client("new").json("c/");
  expect(requests).toEqual([{ method: "GET", token: null, openedBy: "7" }]);
});
