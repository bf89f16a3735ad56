// How tall boxes will be before they are drawn, so that they are placed without overlapping.
import type { Activity, CampaignDocument } from "./document";
import { activitiesOf, portOf, transitionsOf } from "./document";
import type { Known } from "./kinds";
import { kindOf, titleOf } from "./kinds";
import type { HeightOf } from "./layout";

const HEAD = 62;
const SECOND_LINE = 14;
const PORT = 26;
const FRAME = 11;
/** Letters of a title on one line; wide ones, as of Korean, count twice. */
const LETTERS = 22;

const lengthOf = (title: string): number => [...title].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

/** By what the document and the types say, and by nothing that the server says later: places must not jump. */
export function heightsOf(known: Known, document: CampaignDocument): HeightOf {
  const heights = new Map(activitiesOf(document).map((activity) => [activity.id, heightOf(known, document, activity)]));
  return (id) => heights.get(id) ?? HEAD;
}

function heightOf(known: Known, document: CampaignDocument, activity: Activity): number {
  const declared = kindOf(known, activity)?.ports ?? [];
  const used = transitionsOf(document).filter(({ from }) => from === activity.id).map(portOf);
  const ports = new Set([...declared.map(({ name }) => name), ...used]).size;
  const isNamed = ports > 1 || declared.some(({ leads_back }) => leads_back);
  return HEAD + (lengthOf(titleOf(known, activity)) > LETTERS ? SECOND_LINE : 0) + (isNamed ? FRAME + ports * PORT : 0);
}
