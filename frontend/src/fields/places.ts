// Of whose rows a name in the settings is: of whoever comes in, of rows behind links, or of others that are looked for.
import type { Json } from "../model/document";
import type { Node } from "../model/schema";
import type { About, Tables } from "../rules/about";
import { besides, endOf } from "../rules/about";
import type { Place } from "../rules/api";

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** The parts of the settings around a field, the nearest first. */
export function around(config: Json, field: string): { readonly [name: string]: Json }[] {
  const steps = field.split("/").slice(1);
  const places = steps.map((_, index) => `/${steps.slice(0, steps.length - index).join("/")}`);
  return [...places.map((each) => besides(config, each))];
}

const nearest = (parts: readonly { readonly [name: string]: Json }[], names: readonly string[]): [string, string] => {
  for (const part of parts) {
    const name = names.find((each) => text(part[each]));
    if (name) return [name, text(part[name])];
  }
  return ["", ""];
};

/** Undefined as long as a table on the way is not loaded. */
export function rowsNamed(node: Node, config: Json, field: string, place: Place, tables: Tables): About | undefined {
  const parts = around(config, field);
  const own = { table: place.table, columns: place.attributes.filter(({ name }) => name.startsWith("@")) };
  const of = text(node["of"]);
  if (of === "own") return own;
  const [name, value] = nearest(parts, of === "other" ? ["arrow", "table", "dimension"] : ["link", "arrow", "table"]);
  if (name === "link") {
    const table = endOf(own.table, value, tables);
    return table === undefined ? undefined : { table, columns: [] };
  }
  if (name === "arrow") {
    const arrow = place.incoming.find(({ source, port }) => [source, `${source}.${port}`].includes(value));
    return arrow ? { table: arrow.table, columns: arrow.columns } : own;
  }
  if (name === "table") return { table: value, columns: [] };
  if (name === "dimension") return { table: place.dimensions[value] ?? "", columns: [] };
  if (!own.table && place.incoming.length === 0) return { table: place.dimensions[nearest(parts, ["dimension"])[1]] ?? "", columns: [] };
  return own;
}
