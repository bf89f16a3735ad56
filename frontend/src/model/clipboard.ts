// Part of a drawing as text of the clipboard. Whatever else a clipboard holds is no cutting.
import type { Cutting } from "./edits";
import type { Activity, Config, Json, Note, Notes, Place, Transition } from "./document";
import { readJson, writeJson } from "./json";
import { LONGEST_NOTE, MOST_NOTES } from "./notes";

const MARK = "tutti/cutting";
const ID = /^[a-z0-9]+([_-][a-z0-9]+)*$/;
const MOST = 500;

export const asText = (cut: Cutting): string => writeJson({ kind: MARK, ...cut });

export function fromText(text: string): Cutting | null {
  let data: Json;
  try {
    data = readJson(text);
  } catch {
    return null;
  }
  if (!isObject(data) || data["kind"] !== MARK || !Array.isArray(data["activities"])) return null;
  const activities = data["activities"].flatMap(activity);
  const ids = new Set(activities.map(({ id }) => id));
  const notes = notesIn(data["notes"]);
  if (activities.length + Object.keys(notes).length === 0 || ids.size !== data["activities"].length || ids.size > MOST) return null;
  const transitions = (Array.isArray(data["transitions"]) ? data["transitions"] : []).flatMap(transition);
  const inside = transitions.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { activities, transitions: inside, layout: layout(data["layout"], ids), ...(Object.keys(notes).length > 0 ? { notes } : {}) };
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (value: Json | undefined): value is string => typeof value === "string" && ID.test(value);
const label = (value: Json | undefined) => (typeof value === "string" && value ? { label: value.slice(0, 200) } : {});

function activity(value: Json): Activity[] {
  if (!isObject(value) || !isId(value["id"]) || typeof value["type"] !== "string") return [];
  const config = isObject(value["config"]) ? { config: value["config"] as Config } : {};
  return [{ id: value["id"], type: value["type"].slice(0, 40), ...label(value["label"]), ...config }];
}

function transition(value: Json): Transition[] {
  if (!isObject(value) || !isId(value["from"]) || !isId(value["to"])) return [];
  const port = isId(value["port"]) ? { port: value["port"] } : {};
  return [{ from: value["from"], to: value["to"], ...port, ...label(value["label"]) }];
}

function notesIn(value: Json | undefined): Notes {
  const entries = Object.entries(isObject(value) ? value : {}).flatMap(([id, note]): [string, Note][] => {
    const at = isObject(note) ? place(note["at"]) : null;
    if (!at || !isObject(note) || typeof note["text"] !== "string" || !isId(id)) return [];
    const size = place(note["size"]);
    return [[id, { text: note["text"].slice(0, LONGEST_NOTE), at, ...(size ? { size } : {}) }]];
  });
  return Object.fromEntries(entries.slice(0, MOST_NOTES));
}

function place(value: Json | undefined): Place | null {
  const [x, y] = Array.isArray(value) ? value : [];
  return typeof x === "number" && typeof y === "number" ? [x, y] : null;
}

function layout(value: Json | undefined, ids: ReadonlySet<string>): Record<string, Place> {
  const entries = Object.entries(isObject(value) ? value : {}).flatMap(([id, each]): [string, Place][] => {
    const at = place(each);
    return ids.has(id) && at ? [[id, at]] : [];
  });
  return Object.fromEntries(entries);
}
