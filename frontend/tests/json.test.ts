import { expect, test } from "vitest";
import { canonicalText, sameJson } from "../src/model/canonical";
import type { CampaignDocument, Json } from "../src/model/document";
import { configured, renamed } from "../src/model/edits";
import { readJson, wholeNumber, writeJson } from "../src/model/json";
import { differing } from "../src/model/leaves";
import { drawing } from "./drawings";

const BIG = "9007199254740993";

test.each([
  BIG,
  `-${BIG}`,
  "170141183460469231731687303715884105727",
  `{"=":"=${BIG}","${BIG}":"${BIG}","a":[${BIG},0.1,-1,true,null],"b\\"":"say \\"${BIG}\\", \\\\"}`,
  `{"__proto__":${BIG}}`,
])("what is read and written again is the same text: %s", (text) => {
  expect(writeJson(readJson(text))).toBe(text);
});

test("a text stays a text, however it is written", () => {
  expect(readJson('["\\u003d1", "1234567890123456"]')).toEqual(["=1", "1234567890123456"]);
});

test("what a number holds stays a number", () => {
  expect(readJson(`[9007199254740991, 1234567890123456.5, 1e22, ${BIG}]`)).toEqual([9007199254740991, 1234567890123456.5, 1e22, 9007199254740993n]);
});

test.each(["{", `[${BIG}`, `{"a": ${BIG},}`, "", "01234567890123456789"])("what is no JSON is refused: %s", (text) => {
  expect(() => readJson(text)).toThrow(SyntaxError);
});

test("a long text beside a long number is read and written", () => {
  const text = `{"a":"${'x\\"'.repeat(200_000)}","b":${BIG}}`;
  expect(writeJson(readJson(text))).toBe(text);
});

test("an edit elsewhere leaves a long number as it is, and undoing it gives the same text", () => {
  const text = canonicalText(configured(drawing("a b"), "a", { value: 9007199254740993n }));
  const document = readJson(text) as unknown as CampaignDocument;
  expect(canonicalText(document)).toBe(text);
  expect(canonicalText(renamed(document, "b", "B"))).toContain(`"value": ${BIG}`);
});

test("whole numbers are typed exactly", () => {
  expect([wholeNumber("7"), wholeNumber("-007"), wholeNumber(BIG)]).toEqual([7, -7, 9007199254740993n]);
});

test("long numbers that differ by one are told apart", () => {
  const [one, other] = [readJson(`{"a": ${BIG}}`), readJson('{"a": 9007199254740992}')] as [Json, Json];
  expect(sameJson(one, other)).toBe(false);
  expect(sameJson(one, { a: 9007199254740993n })).toBe(true);
  expect(differing(one, other).map(({ path }) => path)).toEqual([["a"]]);
});
