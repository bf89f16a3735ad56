// Closed sets that a schema only names by its widget: from the server, or from the drawing itself.
import type { Choice } from "../model/schema";
import type { CampaignDocument } from "../model/document";
import { upstream } from "../model/graph";
import type { Known } from "../model/kinds";
import { arriving, nameOf, portLabel } from "../model/kinds";
import type { Choices } from "../api/client";

export interface Surroundings {
  readonly document: CampaignDocument;
  readonly known: Known;
  readonly choices: Choices;
  readonly id: string;
}

/** `of` says which of a widget's choices there are. */
type Offer = (around: Surroundings, of: string) => Choice[];

const title = ({ document, known }: Surroundings, id: string): string => nameOf(known, document, id);

/** A transition is named by its source, and its port where several come from the same one. */
const arrows: Offer = (around) => {
  const coming = arriving(around.document, around.id);
  return coming.map(({ from, port = "main" }) => {
    const isOnly = coming.filter((each) => each.from === from).length === 1;
    const name = title(around, from);
    return isOnly ? { value: from, label: name } : { value: `${from}.${port}`, label: `${name}: ${portLabel(around.known, around.document, from, port)}` };
  });
};

const earlier: Offer = (around) => upstream(around.document, around.id).map((id) => ({ value: id, label: title(around, id) }));

const OFFERS: { readonly [widget: string]: Offer } = {
  dimension: ({ choices }) => choices.dimension,
  channel: ({ choices }, of) => choices.channel.filter((choice) => !of || choice.of === of),
  audience: ({ choices }) => choices.audience,
  arrow: arrows,
  earlier_activity: earlier,
};

export const offered = (widget: string, around: Surroundings, of = ""): Choice[] | null => OFFERS[widget]?.(around, of) ?? null;

/** Widgets for which the admin has an editor of its own. */
export const RICHER = new Set(["rule", "email_content"]);
export const LONG = new Set(["html", "long_text"]);
