// What a screen reader hears, of the real components.
import { ReactFlowProvider } from "@xyflow/react";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Box } from "../src/canvas/Box";
import { boxes } from "../src/canvas/drawn";
import { StoreContext } from "../src/ui/context";
import { KNOWN, drawing, port } from "./drawings";
import { storeOf } from "./stores";

test("what adds behind a way out names it as people do", () => {
  const document = drawing("a:fan");
  const known = { ...KNOWN, ports: { a: [port("main", { label: "Gold members" }), port("rest", { label: "Everybody else" })] } };
  const [box] = boxes({ document, known, problems: [], selected: new Set(), renaming: null, mayEdit: true }, []);
  const shown = createElement(Box as never, { id: "a", data: box?.data, selected: false } as never);
  const html = renderToStaticMarkup(
    createElement(StoreContext.Provider, { value: storeOf(document) }, createElement(ReactFlowProvider, null, shown)),
  );
  expect(html).toContain('aria-label="Add an activity here: FAN, Everybody else"');
  expect(html).not.toContain("FAN, rest");
});
