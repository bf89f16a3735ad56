// Where activities stand by themselves: columns in the order of the flow, crossings lessened by the median of the
// neighbours. The same document always gives the same places.
import { inOrder, tidied } from "./canonical";
import type { CampaignDocument, Place } from "./document";
import { activitiesOf, own, transitionsOf } from "./document";
import { inPortOrder, outlineOrder } from "./graph";

export const COLUMN = 300;
export const WIDTH = 220;
export const ROW = 150;
/** Between a box and the next one below it. */
const GAP = 40;
/** Between boxes that have grown. */
const LEAST_GAP = 16;
const SWEEPS = 6;

export type Places = { readonly [id: string]: Place };

/** How tall a box is. */
export type HeightOf = (id: string) => number;
const usual: HeightOf = () => ROW - GAP;

export function laidOut(given: CampaignDocument, heightOf: HeightOf = usual): Places {
  const document = tidied(given);
  const columns = columnsOf(document);
  const count = Math.max(-1, ...columns.values()) + 1;
  const layers: string[][] = Array.from({ length: count }, () => []);
  for (const id of outlineOrder(document)) layers[columns.get(id) ?? 0]?.push(id);
  const neighbours = neighboursOf(document);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forwards = sweep % 2 === 0;
    const order = forwards ? layers.keys() : [...layers.keys()].reverse();
    for (const number of order) arrange(layers, number, forwards ? neighbours.before : neighbours.behind);
  }
  return toPlaces(layers, neighbours.before, heightOf);
}

const remembered = new WeakMap<CampaignDocument, Places>();

/** The places that are kept, and beside them those of activities that had none. */
export function completed(document: CampaignDocument, heightOf: HeightOf = usual): Places {
  const places = remembered.get(document) ?? completion(document, heightOf);
  remembered.set(document, places);
  return places;
}

function completion(document: CampaignDocument, heightOf: HeightOf): Places {
  const known = document.layout ?? {};
  const missing = activitiesOf(document).filter(({ id }) => own(known, id) === undefined);
  if (missing.length === 0) return known;
  const automatic = laidOut(document, heightOf);
  if (missing.length === activitiesOf(document).length) return automatic;
  const bottom = Math.max(...Object.values(known).map(([, y]) => y)) + ROW;
  const beside = missing.map(({ id }): [string, Place] => {
    const [x, y] = own(automatic, id) ?? [0, 0];
    return [id, [x, y + bottom]];
  });
  return { ...known, ...Object.fromEntries(beside) };
}

function columnsOf(document: CampaignDocument): Map<string, number> {
  const columns = new Map<string, number>();
  for (const id of outlineOrder(document)) columns.set(id, columns.get(id) ?? 0);
  for (const id of topological(document)) {
    for (const { from, to } of transitionsOf(document)) {
      if (from === id) columns.set(to, Math.max(columns.get(to) ?? 0, (columns.get(id) ?? 0) + 1));
    }
  }
  return columns;
}

/** Without what stands in or behind a circle. */
function topological(document: CampaignDocument): string[] {
  const waiting = new Map(activitiesOf(document).map(({ id }) => [id, 0]));
  for (const { to } of transitionsOf(document)) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const done: string[] = [];
  const ready = [...waiting.keys()].filter((id) => waiting.get(id) === 0).sort(inOrder);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    done.push(id);
    for (const { from, to } of transitionsOf(document)) {
      if (from !== id) continue;
      waiting.set(to, (waiting.get(to) ?? 0) - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  return done;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighboursOf(document: CampaignDocument): { before: Neighbours; behind: Neighbours } {
  const before = new Map<string, string[]>();
  const behind = new Map<string, string[]>();
  for (const { from, to } of inPortOrder(transitionsOf(document))) {
    before.set(to, [...(before.get(to) ?? []), from]);
    behind.set(from, [...(behind.get(from) ?? []), to]);
  }
  return { before, behind };
}

function arrange(layers: string[][], number: number, neighbours: Neighbours): void {
  const rows = new Map(layers.flatMap((layer) => layer.map((id, row): [string, number] => [id, row])));
  const layer = layers[number] ?? [];
  const wanted = new Map(layer.map((id) => [id, median((neighbours.get(id) ?? []).map((each) => rows.get(each) ?? 0))]));
  layers[number] = layer
    .map((id, row) => ({ id, row, at: wanted.get(id) ?? row }))
    .sort((a, b) => a.at - b.at || a.row - b.row)
    .map(({ id }) => id);
}

function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor((sorted.length - 1) / 2);
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}

/** Each stands beside the middle of what leads to it, and below the one above it. */
function toPlaces(layers: readonly (readonly string[])[], before: Neighbours, heightOf: HeightOf): Places {
  const places: Record<string, Place> = {};
  const middle = (id: string): number[] => {
    const place = own(places, id);
    return place ? [place[1] + heightOf(id) / 2] : [];
  };
  layers.forEach((layer, column) => {
    let free = -Infinity;
    layer.forEach((id, row) => {
      const wanted = median((before.get(id) ?? []).flatMap(middle));
      const siblings = layer.filter((other) => sameSource(before, id, other));
      const y = wanted === undefined ? row * ROW : wanted + offset(siblings, id, heightOf);
      places[id] = [column * COLUMN, Math.max(Math.round(y), free)];
      free = (places[id]?.[1] ?? 0) + roomOf(id, heightOf);
    });
  });
  return places;
}

/** From the top of a box to the next one below it: settings that are not known yet may give it a way out more. */
const roomOf = (id: string, heightOf: HeightOf): number => Math.max(heightOf(id) + GAP, ROW);

/** From the middle of a stack of boxes to the top of one of them. */
function offset(stack: readonly string[], id: string, heightOf: HeightOf): number {
  const room = (ids: readonly string[]) => ids.reduce((sum, each) => sum + roomOf(each, heightOf), 0);
  const tall = room(stack.slice(0, -1)) + heightOf(stack.at(-1) ?? id);
  return room(stack.slice(0, stack.indexOf(id))) - tall / 2;
}

/** The same places, but for those that are moved down from beneath others that have grown. */
export function apart(places: Places, heightOf: HeightOf): Places {
  const moved: Record<string, Place> = {};
  const order = Object.entries(places).sort(([one, [, y]], [other, [, otherY]]) => y - otherY || inOrder(one, other));
  const standing: [number, number, number][] = [];
  for (const [id, [x, wanted]] of order) {
    const height = heightOf(id);
    const near = standing.filter(([left]) => Math.abs(left - x) < WIDTH).sort(([, one], [, other]) => one - other);
    const y = near.reduce((free, [, top, bottom]) => (top < free + height + LEAST_GAP && free < bottom + LEAST_GAP ? bottom + LEAST_GAP : free), wanted);
    moved[id] = [x, y];
    standing.push([x, y, y + height]);
  }
  return moved;
}

const sameSource = (before: Neighbours, one: string, other: string): boolean =>
  before.get(one)?.length === 1 && before.get(other)?.length === 1 && before.get(one)?.[0] === before.get(other)?.[0]
    ? true
    : one === other;

/** The wanted place, or the next one below it where nothing stands; below everything where none is wanted. */
export function freePlace(places: Places, heightOf: HeightOf, tall: number, wanted?: Place): Place {
  const taken = Object.entries(places).map(([id, [x, y]]) => ({ x, y, bottom: y + heightOf(id) }));
  const below = taken.length > 0 ? Math.max(...taken.map(({ bottom }) => bottom)) + GAP : 0;
  const [x, top] = wanted ?? [taken.length > 0 ? Math.min(...taken.map((each) => each.x)) : 0, below];
  const near = taken.filter((each) => Math.abs(each.x - x) < WIDTH + LEAST_GAP).sort((one, other) => one.y - other.y);
  const y = near.reduce((free, each) => (each.y < free + tall + LEAST_GAP && free < each.bottom + LEAST_GAP ? each.bottom + GAP : free), top);
  return [x, Math.round(y)];
}
