import { expect, test } from "vitest";
import { completionAt, localsIn, openBlocks } from "../src/content/completion";
import type { Vocabulary } from "../src/content/names";
import { vocabularyOf } from "../src/content/names";

const words: Vocabulary = vocabularyOf(
  {
    dimension: "person",
    table: "person",
    label: "People",
    attributes: [
      { name: "@orders", label: "Orders", type: "json", group: "" },
      { name: "name", label: "Name", type: "text", group: "" },
      { name: "tier", label: "Tier", type: "text", group: "", choices: { g: "Gold", s: "Silver" } },
      { name: "home.town", label: "Town", type: "text", group: "Home" },
    ],
    incoming: [],
    dimensions: {},
    variables: [{ name: "code", type: "text" }],
    audiences: [],
  },
  {
    filters: [{ name: "date", written: 'date: "%d"', example: "x | date", gives: "31" }],
    tags: ["assign", "for", "if"],
    variables: ["unsubscribe_url"],
  },
);

/** What is offered where the bar stands, and the letters it would replace. */
function at(text: string): { offers: string[]; typed: string } | null {
  const position = text.indexOf("¦");
  const found = completionAt(text.replace("¦", ""), position, words);
  return found && { offers: found.offers.map((each) => each.text), typed: text.slice(found.from, position) };
}

const NAMES = ["profile.name", "profile.tier", "target.orders", "variables.code", "unsubscribe_url"];

test("a message may name what is of the person, was added, or is of the campaign; links it does not follow", () => {
  expect(words.names.map(({ path }) => path)).toEqual(NAMES);
  expect(words.people).toBe("People");
});

test("outside of marks nothing is offered", () => {
  expect(at("Hello ¦")).toBeNull();
  expect(at("{{ profile.name }} ¦")).toBeNull();
  expect(at("{ ¦")).toBeNull();
  expect(at("{% if a %}¦")).toBeNull();
});

test("an output is of names, replaced from where the path begins", () => {
  expect(at("{{¦")).toEqual({ offers: NAMES, typed: "" });
  expect(at("Hi {{ profile.na¦ }}")).toEqual({ offers: NAMES, typed: "profile.na" });
  expect(at("{{- pro¦")?.typed).toBe("pro");
});

test("behind a bar there are filters, as they are written", () => {
  expect(at("{{ profile.name | ¦")).toEqual({ offers: ['date: "%d"'], typed: "" });
  expect(at("{% assign x = a | da¦ %}")?.typed).toBe("da");
});

test("within quotes nothing is offered but the values something is compared with", () => {
  expect(at('{{ "profile¦')).toBeNull();
  expect(at("{{ x | default: 'a ¦")).toBeNull();
  expect(at('{% if profile.tier == "¦" %}')).toEqual({ offers: ["g", "s"], typed: "" });
  expect(at('{% if profile.tier != "g" and profile.tier == "s¦')).toEqual({ offers: ["g", "s"], typed: "s" });
  expect(at('{% if profile.name == "¦" %}')).toBeNull();
});

test("a tag begins with its name, and the end of what is open comes first", () => {
  expect(at("{% ¦")).toEqual({ offers: ["assign", "for", "if"], typed: "" });
  expect(at("{% if a %} {% e¦")).toEqual({ offers: ["endif", "else", "elsif", "assign", "for", "if"], typed: "e" });
  expect(at("{% for a in b %}{% if a %}{% endif %}{%¦")?.offers[0]).toBe("endfor");
});

test("a loop is over lists first, and what it names can be used inside", () => {
  expect(at("{% for one in ¦ %}")?.offers[0]).toBe("target.orders");
  expect(at("{% for on¦ %}")).toBeNull();
  expect(at("{% for one in target.orders %}{{ ¦")?.offers.slice(0, 2)).toEqual(["one", "forloop.index"]);
  expect(localsIn("{% assign a = 1 %}{% capture b %}{% endcapture %}{% assign a = 2 %}")).toEqual(["a", "b"]);
});

test("numbers and what ends a block ask for nothing", () => {
  expect(at("{{ 12¦")).toBeNull();
  expect(at("{% endif ¦")).toBeNull();
  expect(openBlocks("{% if a %}{% for b in c %}{% endif %}")).toEqual([]);
});

test("a long text takes no long time", () => {
  const text = `${"{{ a }} {% if b %} x ".repeat(20_000)}{{ `;
  const started = performance.now();
  completionAt(text, text.length, words);
  expect(performance.now() - started).toBeLessThan(1000);
});
