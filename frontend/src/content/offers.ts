// What the pure completion offers, as the code editor shows it.
import type { Completion as Shown, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import type { Offer } from "./completion";
import { completionAt } from "./completion";
import { c } from "./messages";
import type { Origin, Vocabulary } from "./names";

const ORIGINS: readonly Origin[] = ["person", "added", "campaign", "message"];

export const templateSource =
  (words: () => Vocabulary) =>
  (context: CompletionContext): CompletionResult | null => {
    const found = completionAt(context.state.doc.toString(), context.pos, words());
    if (!found) return null;
    const options = found.offers.map((offer, number) => shown(offer, words().people, number));
    return { from: found.from, options, validFor: /^[\w.]*$/ };
  };

function shown(offer: Offer, people: string, number: number): Shown {
  const boost = Math.max(-99, 99 - number);
  switch (offer.kind) {
    case "name": {
      const { origin, label, path, type } = offer.name;
      const title = origin === "person" && people ? people : c.origin[origin];
      const section = { name: title, rank: ORIGINS.indexOf(origin) };
      return { label: path, detail: label || (c.system[path] ?? type), section, boost, apply: put };
    }
    case "filter": {
      const { name, example, gives } = offer.filter;
      return { label: name, detail: gives, info: c.gives(example, gives), apply: (view, _chosen, from, to) => put(view, { label: offer.text }, from, to) };
    }
    case "value":
      return { label: offer.text, detail: offer.label === offer.text ? "" : offer.label, boost };
    case "local":
      return { label: offer.text, detail: c.madeHere, boost, apply: put };
    case "tag":
      return { label: offer.text, boost, apply: put };
  }
}

/** A mark that was closed by itself gets blanks around what is in it, as it is usually written. */
function put(view: EditorView, chosen: Shown, from: number, to: number): void {
  const before = view.state.sliceDoc(Math.max(0, from - 1), from);
  const after = view.state.sliceDoc(to, to + 2);
  const isClosed = after.startsWith("}}") || after.startsWith("%}");
  const lead = before === "{" || before === "%" || before === "|" ? " " : "";
  const insert = `${lead}${chosen.label}${isClosed ? " " : ""}`;
  const cursor = from + lead.length + chosen.label.length + (isClosed ? 1 : 0);
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: cursor }, userEvent: "input.complete" });
}
