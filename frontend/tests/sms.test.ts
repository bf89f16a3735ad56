import { expect, test } from "vitest";
import vectors from "../../tests/campaigns/content/sms_vectors.json";
import type { ShownText } from "../src/sms/api";
import { insertable, insertedAt } from "../src/sms/inserting";
import { en, ko } from "../src/sms/messages";
import { fixedWords, hasMarkup, normal, segmentsOf, visible } from "../src/sms/segments";

const textOf = (pieces: readonly (readonly (string | number)[])[]): string => pieces.map(([piece, times]) => String(piece).repeat(Number(times))).join("");

test.each(vectors.segments)("the editor counts as the server does: $name", ({ pieces, alphabet, units, count, left, outside }) => {
  const found = segmentsOf(textOf(pieces));
  expect(found).toMatchObject({ alphabet, units, count, left });
  expect(found.outside.join("")).toBe(outside);
});

test.each(vectors.normal)("a text is sent in one form", ({ given, sent }) => {
  expect(normal(given)).toBe(sent);
});

test("half a character counts as one that nobody can see", () => {
  expect(segmentsOf("\ud83c")).toMatchObject({ alphabet: "ucs2", units: 1, count: 1 });
  expect(visible("\ud83c")).toBe("U+D83C");
});

test("characters are shown with their number, and by it alone when they show nothing", () => {
  expect(visible("’")).toBe("’ U+2019");
  expect(visible("\u00a0")).toBe("U+00A0");
  expect(visible("\u200d")).toBe("U+200D");
  expect(visible("🎉")).toBe("🎉 U+1F389");
});

test("only the template's own words are counted, and the channel's", () => {
  expect(fixedWords(" Hi {{ profile.name }}!{% if x %} Yes{% endif %} {{ opt_out_text }} ", "STOP $& ends it")).toBe("Hi ! Yes STOP $& ends it");
  expect(fixedWords("Hi {{", "x")).toBe("Hi {{");
  expect(hasMarkup("Hi {{ opt_out_text }}")).toBe(false);
  expect(hasMarkup("Hi {{ profile.name }}")).toBe(true);
  expect(hasMarkup("Hi {% raw %}")).toBe(true);
});

test("what never closes is read in good time", () => {
  const began = performance.now();
  fixedWords("{{".repeat(5000), "");
  expect(performance.now() - began).toBeLessThan(500);
});

test("what is inserted takes the place of what is selected", () => {
  expect(insertedAt("Hi you!", "profile.name", 3, 6)).toEqual({ text: "Hi {{ profile.name }}!", caret: 21 });
});

test("there is always a way to opt out to insert, and everything that is known", () => {
  expect(insertable(null).map(({ key }) => key)).toEqual(["opt_out_text"]);
  const shown = { opt_out_text: "Reply STOP", names: [{ path: "profile.name", label: "Name" }, { path: "variables.goal", label: "goal" }] };
  const offered = insertable(shown as unknown as ShownText);
  expect(offered.map(({ key }) => key)).toEqual(["opt_out_text", "profile.name", "variables.goal"]);
  expect(offered[0]?.detail).toContain("Reply STOP");
});

test("everything is said in both languages", () => {
  const flat = (texts: object): string[] =>
    Object.values(texts).flatMap((each) => (typeof each === "object" ? flat(each as object) : [typeof each === "function" ? String((each as (...given: unknown[]) => unknown)(0, 3, "x")) : String(each)]));
  const [english, korean] = [flat(en), flat(ko)];
  expect(korean.length).toBe(english.length);
  expect(korean.filter((each, number) => each === "" || each === english[number])).toEqual([]);
});
