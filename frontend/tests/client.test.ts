// The client against a server that answers as networks do: half, late, or with somebody else's page.
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Client, Refused, Unreachable } from "../src/api/client";
import type { CampaignDocument } from "../src/model/document";
import { configured, renamed } from "../src/model/edits";
import { canonicalText } from "../src/model/canonical";
import { Saver } from "../src/saving/saver";
import { drawing } from "./drawings";

let server: Server | undefined;
afterEach(() => void server?.close());

async function answered(by: RequestListener): Promise<Client> {
  const it = createServer(by);
  server = it;
  await new Promise<void>((on) => it.listen(0, "127.0.0.1", on));
  return new Client(`http://127.0.0.1:${(it.address() as AddressInfo).port}/`, "en", () => "token", "7");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += String(piece);
  return text;
}

const BROKEN: readonly (readonly [string, RequestListener])[] = [
  ["breaks off", (_request, answer) => void answer.writeHead(200, { ETag: '"2"', "Content-Length": 9_000 }).write('{"tutti": 1', () => answer.destroy())],
  ["is no JSON", (_request, answer) => void answer.writeHead(200, { ETag: '"2"' }).end("<html>Welcome to the hotel</html>")],
  ["is empty", (_request, answer) => void answer.writeHead(200, { ETag: '"2"' }).end()],
  ["has no ETag", (_request, answer) => void answer.writeHead(200).end('{"tutti": 1}')],
  ["is the gateway's", (_request, answer) => void answer.writeHead(502).end("bad gateway")],
];

test.each(BROKEN)("an answer that %s is none", async (_name, by) => {
  const client = await answered(by);
  await expect(client.draft("c")).rejects.toBeInstanceOf(Unreachable);
});

test.each(BROKEN)("after an answer that %s the save is offline, tried again, and keeps the work", async (_name, by) => {
  const client = await answered(by);
  const base = drawing("a");
  const document = renamed(base, "a", "mine");
  const states: string[] = [];
  let kept: CampaignDocument | null = null;
  const desk = { present: () => document, rebase: () => undefined, setApart: () => undefined, tookOver: () => undefined, forget: () => (kept = null) };
  const saver = new Saver("c", client, { ...desk, told: ({ is }) => states.push(is), keep: (each) => (kept = each) }, base, '"1"');
  expect(await saver.flush()).toBe(false);
  expect([states, kept]).toEqual([["saving", "offline"], document]);
});

test("a body that never ends is given up after the patience", async () => {
  const client = await answered((_request, answer) => void answer.writeHead(200).write("{"));
  await expect(client.json("x", { patience: 50 })).rejects.toBeInstanceOf(Unreachable);
});

test("what is called off is no failure of the network", async () => {
  const own = new AbortController();
  const client = await answered((_request, answer) => void answer.writeHead(200).write("{", () => own.abort()));
  await expect(client.json("x", { signal: own.signal })).rejects.toHaveProperty("name", "AbortError");
});

test("a refusal without words is a refusal", async () => {
  const client = await answered((_request, answer) => void answer.writeHead(422).end("<html>"));
  await expect(client.draft("c")).rejects.toBeInstanceOf(Refused);
});

test("a long number goes to the server and comes back as it is", async () => {
  const stored = canonicalText(configured(drawing("a b"), "a", { value: 9007199254740993n }));
  const client = await answered(async (request, answer) => {
    answer.writeHead(200, { ETag: '"1"' });
    answer.end(request.method === "PUT" ? await bodyOf(request) : stored);
  });
  const { document, etag } = await client.draft("c");
  const saved = await client.save("c", renamed(document, "b", "B"), etag);
  expect(canonicalText(saved.document)).toBe(canonicalText(renamed(document, "b", "B")));
  expect(canonicalText(saved.document)).toContain("9007199254740993");
});
