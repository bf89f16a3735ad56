import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyText } from "../src/ui/copying";

/** What was selected when the browser was told to copy, and whether it lets itself be told. */
let selected: string;
let copied: string[];
let isAllowed: boolean;

class Area {
  className = "";
  value = "";
  select = () => (selected = this.value);
  remove = () => undefined;
}

beforeEach(() => {
  [selected, copied, isAllowed] = ["", [], true];
  vi.stubGlobal("HTMLElement", class {});
  vi.stubGlobal("document", {
    activeElement: null,
    body: { append: () => undefined },
    createElement: () => new Area(),
    execCommand: () => isAllowed && copied.push(selected) > 0,
  });
});
afterEach(() => void vi.unstubAllGlobals());

test("without a clipboard the text is selected and copied", async () => {
  vi.stubGlobal("navigator", {});
  expect(await copyText("SELECT 1")).toBe(true);
  expect(copied).toEqual(["SELECT 1"]);
});

test("where the clipboard refuses it is tried that way too, and said where that fails", async () => {
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("no")) } });
  isAllowed = false;
  expect(await copyText("SELECT 1")).toBe(false);
});

test("where there is a clipboard nothing is selected", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copyText("SELECT 1")).toBe(true);
  expect([writeText.mock.calls, copied]).toEqual([[["SELECT 1"]], []]);
});
