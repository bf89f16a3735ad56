import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { ShownEmail } from "../src/content/api";
import { Inbox } from "../src/content/Inbox";

const EMAIL = { recipient: "1", examples: [], subject: "Hello Ann", preheader: "", html: "", text: "", text_template: "" };
const rendered = (address: string): ShownEmail => ({ ...EMAIL, text_is_derived: true, links: [], bytes: 0, sender: { name: "", address } });
const inbox = (shown: ShownEmail | null): string =>
  renderToStaticMarkup(createElement(Inbox, { shown, subject: "Hello {{ profile.name }}", preheader: "" }));

test("no channel is said to be chosen or not before the server has told", () => {
  expect(inbox(null)).not.toContain("No channel chosen");
  expect(inbox(null)).toContain("Hello {{ profile.name }}");
});

test("who sends it is shown, and that no channel is chosen where none is", () => {
  expect(inbox(rendered("shop@example.com"))).toContain("<span>shop@example.com</span>");
  expect(inbox(rendered(""))).toContain("<span>No channel chosen</span>");
});
