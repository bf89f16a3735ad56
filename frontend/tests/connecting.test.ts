import { expect, test } from "vitest";
import { refusal } from "../src/model/connecting";
import { KNOWN, drawing, port } from "./drawings";

const why = (activities: string, drawn: string, from: string, to: string, name = "main", known = KNOWN) =>
  refusal(drawing(activities, drawn), known, { from, port: name, to })?.why ?? null;

test("an activity that is not there", () => {
  expect(why("a b", "", "a", "c")).toBe("unknown");
  expect(why("a b", "", "c", "b")).toBe("unknown");
});

test("to itself", () => expect(why("a", "", "a", "a")).toBe("self"));

test("by a port the source does not have", () => {
  expect(why("a b", "", "a", "b", "rest")).toBe("no_port");
  expect(why("a:over b", "", "a", "b")).toBe("no_port");
});

test("by a port that leads back by its settings", () => expect(why("a:again b", "", "a", "b", "back")).toBe("leads_back"));

test("twice", () => expect(why("a b:unite", "a-b", "a", "b")).toBe("there_already"));

test("by a port that is taken", () => {
  expect(why("a b c", "a-b", "a", "c")).toBe("port_taken");
  expect(why("a:fan b c d", "a-b a.rest-c", "a", "d", "rest")).toBe("port_taken");
});

test("to what takes none", () => expect(why("a s:start", "", "a", "s")).toBe("takes_none"));

test("to what has as many as it takes", () => {
  expect(refusal(drawing("a b c", "a-c"), KNOWN, { from: "b", port: "main", to: "c" })).toEqual({
    why: "too_many",
    name: "STEP",
    most: 1,
  });
});

test("in a circle, short or long", () => {
  expect(why("a b:unite", "b-a", "a", "b")).toBe("circle");
  expect(why("a:unite b c d", "a-b b-c c-d", "d", "a")).toBe("circle");
});

test("whatever else is legal", () => {
  expect(why("a b", "", "a", "b")).toBeNull();
  expect(why("a:fan b c", "a-b", "a", "c", "rest")).toBeNull();
  expect(why("a b c:unite", "a-c", "b", "c")).toBeNull();
});

test("an activity of an unknown type may be connected: the server says what is wrong with it", () => {
  expect(why("a b:gone", "", "a", "b")).toBeNull();
  expect(why("a:gone b", "", "a", "b")).toBeNull();
});

test("the ports of the settings win over those of the type", () => {
  const known = { ...KNOWN, ports: { a: [port("gold"), port("silver")] } };
  expect(why("a b", "", "a", "b", "main", known)).toBe("no_port");
  expect(why("a b", "", "a", "b", "silver", known)).toBeNull();
});
