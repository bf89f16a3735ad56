// Completion of tags and attributes: those of MJML where the message is MJML, those of HTML else.
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { htmlCompletionSource, htmlCompletionSourceWith } from "@codemirror/lang-html";
import { isMjml } from "./content";

type Attributes = Record<string, null | readonly string[]>;

const PADDED: Attributes = { padding: null, "padding-top": null, "padding-bottom": null, "css-class": null, "mj-class": null };
const ALIGNED: Attributes = { align: ["left", "center", "right"] };
const GROUND: Attributes = { "background-color": null };
const LETTERS: Attributes = { color: null, "font-family": null, "font-size": null, "font-weight": null, "line-height": null };
const LINKED: Attributes = { href: null, target: ["_blank", "_self"], rel: null };
const PICTURE: Attributes = { src: null, alt: null, width: null, height: null, "border-radius": null };
const BOX: Attributes = { ...GROUND, border: null, "border-radius": null, "vertical-align": ["top", "middle", "bottom"], width: null };

const TAGS: Record<string, { attrs: Attributes; children?: readonly string[] }> = {
  mjml: { attrs: { lang: null, dir: ["ltr", "rtl"] }, children: ["mj-head", "mj-body"] },
  "mj-head": { attrs: {}, children: ["mj-attributes", "mj-breakpoint", "mj-preview", "mj-style", "mj-title"] },
  "mj-body": { attrs: { ...GROUND, width: null }, children: ["mj-hero", "mj-raw", "mj-section", "mj-wrapper"] },
  "mj-attributes": { attrs: {} },
  "mj-all": { attrs: { ...LETTERS, padding: null } },
  "mj-class": { attrs: { name: null, ...LETTERS } },
  "mj-breakpoint": { attrs: { width: null } },
  "mj-preview": { attrs: {} },
  "mj-style": { attrs: { inline: ["inline"] } },
  "mj-title": { attrs: {} },
  "mj-wrapper": { attrs: { ...PADDED, ...BOX, "full-width": ["full-width"] }, children: ["mj-hero", "mj-raw", "mj-section"] },
  "mj-section": { attrs: { ...PADDED, ...BOX, "full-width": ["full-width"], "background-url": null, direction: ["ltr", "rtl"] }, children: ["mj-column", "mj-group", "mj-raw"] },
  "mj-group": { attrs: { ...GROUND, width: null }, children: ["mj-column"] },
  "mj-column": { attrs: { ...PADDED, ...BOX } },
  "mj-hero": { attrs: { ...PADDED, ...BOX, mode: ["fixed-height", "fluid-height"], "background-url": null, height: null } },
  "mj-text": { attrs: { ...PADDED, ...ALIGNED, ...LETTERS } },
  "mj-button": { attrs: { ...PADDED, ...ALIGNED, ...LETTERS, ...LINKED, ...BOX, "inner-padding": null } },
  "mj-image": { attrs: { ...PADDED, ...ALIGNED, ...PICTURE, ...LINKED } },
  "mj-divider": { attrs: { ...PADDED, "border-color": null, "border-width": null, width: null } },
  "mj-spacer": { attrs: { height: null } },
  "mj-table": { attrs: { ...PADDED, ...LETTERS, width: null } },
  "mj-raw": { attrs: {} },
  "mj-navbar": { attrs: { ...ALIGNED, hamburger: ["hamburger"] }, children: ["mj-navbar-link"] },
  "mj-navbar-link": { attrs: { ...LETTERS, ...LINKED } },
  "mj-social": { attrs: { ...ALIGNED, mode: ["horizontal", "vertical"], "icon-size": null }, children: ["mj-social-element"] },
  "mj-social-element": { attrs: { name: null, ...LINKED, src: null, alt: null } },
  "mj-carousel": { attrs: { ...ALIGNED }, children: ["mj-carousel-image"] },
  "mj-carousel-image": { attrs: { ...PICTURE, href: null } },
  "mj-accordion": { attrs: { ...PADDED }, children: ["mj-accordion-element"] },
  "mj-accordion-element": { attrs: { ...GROUND }, children: ["mj-accordion-title", "mj-accordion-text"] },
  "mj-accordion-title": { attrs: { ...LETTERS } },
  "mj-accordion-text": { attrs: { ...LETTERS } },
};

const mjmlSource = htmlCompletionSourceWith({ extraTags: TAGS });

/** The beginning is enough to tell. */
const FIRST = 2_000;

export function markupSource(context: CompletionContext): CompletionResult | null {
  const isWrittenInMjml = isMjml(context.state.sliceDoc(0, FIRST));
  return isWrittenInMjml ? mjmlSource(context) : htmlCompletionSource(context);
}
