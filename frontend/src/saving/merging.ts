// Two people changed one draft. What each of them changed is seen from the draft both began with, and whatever one of
// them still has, steps to be undone included, goes on from what the other saved.
import { sameJson, tidied } from "../model/canonical";
import type { CampaignDocument, Json, Place, Transition } from "../model/document";
import { activitiesOf, own, transitionsOf } from "../model/document";
import type { Part } from "./parts";
import { keyOfPart, partsOf, withPart } from "./parts";

export type Side = "mine" | "theirs";
export type Fate = "mine" | "theirs" | "same" | "both";

/** A part that somebody changed, in all three forms. */
export interface Comparison extends Omit<Part, "value"> {
  readonly fate: Fate;
  readonly base: Json;
  readonly theirs: Json;
  readonly mine: Json;
}

export function compared(base: CampaignDocument, theirs: CampaignDocument, mine: CampaignDocument): Comparison[] {
  const [before, there, here] = [partsOf(base), partsOf(theirs), partsOf(mine)];
  const keys = new Set([...before.keys(), ...there.keys(), ...here.keys()]);
  const found = [...keys].flatMap((key): Comparison[] => {
    const part = before.get(key) ?? there.get(key) ?? here.get(key);
    const forms = { base: valueOf(before, key), theirs: valueOf(there, key), mine: valueOf(here, key) };
    const fate = fateOf(forms);
    return part && fate ? [{ kind: part.kind, name: part.name, fate, ...forms }] : [];
  });
  return found.map((each) => (isStranding(each, base, theirs, mine) ? { ...each, fate: "both" } : each));
}

const valueOf = (parts: ReadonlyMap<string, Part>, key: string): Json => parts.get(key)?.value ?? null;

function fateOf({ base, theirs, mine }: { base: Json; theirs: Json; mine: Json }): Fate | null {
  if (sameJson(theirs, mine)) return sameJson(base, theirs) ? null : "same";
  if (sameJson(base, theirs)) return "mine";
  return sameJson(base, mine) ? "theirs" : "both";
}

/** One removed an activity to which the other has drawn a new transition: neither can simply be taken. */
function isStranding({ kind, name, fate, theirs, mine }: Comparison, base: CampaignDocument, there: CampaignDocument, here: CampaignDocument): boolean {
  if (kind !== "activity") return false;
  const remover = fate === "theirs" && theirs === null ? here : fate === "mine" && mine === null ? there : null;
  if (!remover) return false;
  const before = new Set(transitionsOf(base).map(asKey));
  return transitionsOf(remover).some((each) => touches(each, name) && !before.has(asKey(each)));
}

const asKey = ({ from, port = "", to }: Transition): string => `${from} ${port} ${to}`;
const touches = ({ from, to }: Transition, id: string): boolean => from === id || to === id;

type Layout = CampaignDocument["layout"];

/** Where somebody else put an activity, or that they gave it no place any more. */
export interface Drift {
  readonly id: string;
  readonly from: Place | undefined;
  readonly to: Place | undefined;
}

/** What is to be so in everything that goes on from here. */
export interface Settled {
  readonly parts: readonly Part[];
  readonly drifts: readonly Drift[];
}

/** What stands as it stands here was put there from here. */
export function drifted(base: Layout = {}, theirs: Layout = {}, mine: Layout = {}): Drift[] {
  return Object.keys({ ...base, ...theirs })
    .filter((id) => !samePlace(base[id], theirs[id]) && !samePlace(theirs[id], mine[id]))
    .map((id) => ({ id, from: base[id], to: theirs[id] }));
}

/** What is to become of the draft one began with; an activity that is kept against its removal keeps its transitions. */
export function settledBy(comparisons: readonly Comparison[], sides: ReadonlyMap<string, Side>): Part[] {
  const sideOf = (each: Comparison): Side => (each.fate === "both" ? (sides.get(keyOfPart(each)) ?? "mine") : each.fate === "mine" ? "mine" : "theirs");
  const removed = comparisons.filter(({ kind, fate, theirs, mine }) => kind === "activity" && fate === "both" && (theirs === null || mine === null));
  const withActivity = (each: Comparison): Comparison | undefined =>
    each.kind === "transition" && (each.theirs === null || each.mine === null)
      ? removed.find(({ name }) => touches((each.base ?? each.theirs ?? each.mine) as unknown as Transition, name))
      : undefined;
  return comparisons
    .filter((each) => sideOf(withActivity(each) ?? each) === "theirs")
    .map(({ kind, name, theirs }) => ({ kind, name, value: theirs }));
}

/** The document going on from what is settled; places follow unless they were changed here. */
export function rebased(document: CampaignDocument, { parts, drifts }: Settled): CampaignDocument {
  const together = parts.reduce(withPart, document);
  return tidied(withoutLooseEnds({ ...together, layout: drifts.reduce(withDrift, document.layout ?? {}) }));
}

function withDrift(layout: NonNullable<Layout>, { id, from, to }: Drift): NonNullable<Layout> {
  if (!samePlace(own(layout, id), from)) return layout;
  const { [id]: _last, ...others } = layout;
  return to ? { ...others, [id]: to } : others;
}

const samePlace = (left: Place | undefined, right: Place | undefined): boolean => left?.[0] === right?.[0] && left?.[1] === right?.[1];

function withoutLooseEnds(document: CampaignDocument): CampaignDocument {
  const known = new Set(activitiesOf(document).map(({ id }) => id));
  return { ...document, transitions: transitionsOf(document).filter(({ from, to }) => known.has(from) && known.has(to)) };
}

/** Where activities stand otherwise than they did; `null` where they have no place any more. */
export function moves(from: CampaignDocument, to: CampaignDocument): { readonly [id: string]: Place | null } {
  const [before, after] = [from.layout ?? {}, to.layout ?? {}];
  const ids = activitiesOf(to).map(({ id }) => id);
  return Object.fromEntries(
    ids.filter((id) => !samePlace(before[id], after[id])).map((id) => [id, after[id] ?? null]),
  );
}

/** Ids that both gave to something new of their own. */
export function clashes(base: CampaignDocument, theirs: CampaignDocument, mine: CampaignDocument): string[] {
  const [before, here] = [base, mine].map((each) => new Set(activitiesOf(each).map(({ id }) => id)));
  return activitiesOf(theirs).flatMap(({ id }) => (here?.has(id) && !before?.has(id) ? [id] : []));
}
