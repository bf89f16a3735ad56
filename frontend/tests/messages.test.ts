import { expect, test } from "vitest";
import { en } from "../src/messages/en";
import { inLanguage, inWords } from "../src/messages/index";
import { ko } from "../src/messages/ko";

test("a language nobody translated is English", () => {
  expect(inLanguage("fr", en, ko)).toBe(en);
  expect(inLanguage("ko-KR", en, ko)).toBe(ko);
});

test("no Korean text is empty or was left in English", () => {
  const flat = (messages: object): [string, unknown][] =>
    Object.entries(messages).flatMap(([name, text]) =>
      typeof text === "object" && text !== null ? flat(text).map(([inner, each]) => [`${name}.${inner}`, each] as [string, unknown]) : [[name, text] as [string, unknown]],
    );
  const english = new Map(flat(en));
  const same = flat(ko).filter(([name, text]) => !name.startsWith("keys.") && (text === "" || text === english.get(name)));
  expect(same).toEqual([]);
});

test("every reason is a sentence in both languages", () => {
  for (const messages of [en, ko]) {
    expect(inWords({ why: "too_many", name: "X", most: 1 }, messages)).toContain("X");
    expect(inWords({ why: "circle", name: "X" }, messages)).toContain("X");
    expect(inWords({ why: "self" }, messages)).toMatch(/[.]$/);
  }
});
