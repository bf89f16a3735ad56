import { describe, expect, test } from "vitest";
import type { Problem } from "../src/api/client";
import { bodyIn, bytesOf, inKilobytes, isMjml, starter, starterInMjml, textOf, withBody, withText } from "../src/content/content";
import { marksOf, replacement, segmentOf } from "../src/content/lines";
import { en, ko } from "../src/content/messages";
import { vocabularyOf } from "../src/content/names";
import { condition, link, loop, personal, unsubscribe } from "../src/content/snippets";

const problem = (line: number, message = "Wrong."): Problem => ({ code: "x", path: "/html", message, remedy: "", severity: "error", line });

describe("lines", () => {
  const text = "one\n  two {{ x }}\n\nfour";

  test("a finding covers the text of its line", () => {
    expect(marksOf(text, [problem(2)]).map(({ from, to }) => text.slice(from, to))).toEqual(["two {{ x }}"]);
    expect(segmentOf(text, 3)).toEqual({ from: 18, to: 18 });
  });

  test("what the message quotes is marked alone, where the line has it", () => {
    expect(marksOf(text, [problem(2, "Nothing supplies “x”.")]).map(({ from, to }) => text.slice(from, to))).toEqual(["x"]);
    expect(marksOf(text, [problem(1, "Nothing supplies “zz”.")]).map(({ from, to }) => text.slice(from, to))).toEqual(["one"]);
  });

  test("a line that is not there any more is the last one", () => {
    expect(segmentOf(text, 99)).toEqual({ from: 19, to: 23 });
    expect(segmentOf("", 1)).toEqual({ from: 0, to: 0 });
  });

  test("what changed is replaced, and no more", () => {
    const apply = (before: string, after: string) => {
      const found = replacement(before, after);
      return found ? before.slice(0, found.from) + found.insert + before.slice(found.to) : before;
    };
    for (const [before, after] of [["abc", "abXc"], ["aaa", "aa"], ["", "x"], ["x", ""], ["abab", "ab"], ["same", "same"]] as const) {
      expect(apply(before, after)).toBe(after);
    }
    expect(replacement("hello world", "hello big world")).toEqual({ from: 6, to: 6, insert: "big " });
  });
});

describe("content", () => {
  test("what may be empty is left out when it is", () => {
    const content = withText({}, "preheader", "soon");
    expect(content).toEqual({ subject: "", preheader: "soon" });
    expect(withText(content, "preheader", "")).toEqual({ subject: "" });
    expect(withText(content, "subject", "")).toHaveProperty("subject", "");
    expect(textOf({ subject: 5 }, "subject")).toBe("");
  });

  test("a message is MJML where it begins as MJML does, and in one field only", () => {
    const html = { subject: "x", html: "<p>one</p>" };
    expect(bodyIn(html)).toBe("html");
    for (const text of ["<mjml></mjml>", ' \n<mjml lang="ko">', "<!-- a --> <!-- <p> -->\n<mjml>"]) {
      const mjml = withBody(html, text);
      expect(mjml).toEqual({ subject: "x", mjml: text });
      expect(bodyIn(mjml)).toBe("mjml");
      expect(withBody(mjml, "<p>one</p>")).toEqual(html);
    }
    for (const text of ["", "<mjmlx>", "<p><mjml></p>", "mjml", "<!-- <mjml> -->"]) expect(withBody(html, text)).not.toHaveProperty("mjml");
    expect(withBody(html, "")).toEqual({ subject: "x" });
  });

  test("sizes are those of what travels", () => {
    expect(bytesOf("가나")).toBe(6);
    expect(inKilobytes(1536)).toBe("1.5");
    expect(inKilobytes(104_448)).toBe("102");
  });

  test("a layout has what the law asks for", () => {
    for (const layout of [starter, starterInMjml]) {
      const text = layout({ greeting: "Hello,", unsubscribe: "Unsubscribe" });
      expect(text).toContain('href="{{ unsubscribe_url }}"');
      expect(text).toContain("{{ postal_address }}");
      expect(isMjml(text)).toBe(layout === starterInMjml);
    }
  });
});

describe("snippets", () => {
  const none = vocabularyOf(null, { filters: [], tags: [], variables: ["unsubscribe_url"] });
  const tier = { name: "tier", label: "", type: "text", group: "", choices: { "a}b": "A" } };
  const some = vocabularyOf(
    { dimension: "", table: "", label: "", attributes: [tier, { ...tier, name: "@orders", type: "json", choices: {} }], incoming: [], dimensions: {}, variables: [], audiences: [] },
    { filters: [], tags: [], variables: [] },
  );

  test("fields hold no brace that would end them", () => {
    for (const snippet of [condition(none), condition(some), loop(some), loop(none), link(true), link(false), unsubscribe(true), unsubscribe(false), personal("profile.x")]) {
      expect(snippet.replace(/\$\{[^{}]+\}/g, "")).not.toMatch(/[$#]\{/);
    }
    expect(condition(some)).toContain("profile.tier");
    expect(condition(some)).toContain('"${ab}"');
    expect(loop(some)).toContain("target.orders");
  });
});

test("no Korean text is empty or was left in English", () => {
  const flat = (messages: object): [string, unknown][] =>
    Object.entries(messages).flatMap(([name, text]) =>
      typeof text === "object" && text !== null ? flat(text).map(([inner, each]): [string, unknown] => [`${name}.${inner}`, each]) : [[name, text] as [string, unknown]],
    );
  const english = new Map(flat(en));
  expect(flat(ko).filter(([name, text]) => text === "" || text === english.get(name))).toEqual([]);
});
