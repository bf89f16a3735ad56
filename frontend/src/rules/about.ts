// On whose rows a rule is: of whoever comes in, or what stands beside it in the settings says.
import type { Json } from "../model/document";
import type { Node } from "../model/schema";
import type { Attribute, Collection, Place, TableInfo } from "./api";
import { isInside } from "./forms";
import type { Rule } from "./tree";
import { at, isRule } from "./tree";

/** A table, and the columns that its rows carry where the rule stands. */
export interface About {
  readonly table: string;
  readonly columns: readonly Attribute[];
}

export const NOBODY: About = { table: "", columns: [] };

export type Tables = (table: string) => TableInfo | undefined;

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

const unescaped = (part: string): string => part.replace(/~1/g, "/").replace(/~0/g, "~");

/** The part of the settings in which the field at `place` stands. */
export function besides(config: Json, place: string): Rule {
  const path = place.split("/").slice(1, -1).map(unescaped);
  const found = at(config, path);
  return isRule(found) ? found : {};
}

/** Undefined as long as a table on the way is not loaded. */
export function aboutOf(node: Node, config: Json, field: string, place: Place, tables: Tables): About | undefined {
  const beside = besides(config, field);
  const own = { table: place.table, columns: place.attributes.filter(({ name }) => name.startsWith("@")) };
  if (node["other_rows"] === true) return otherRows(beside, own, place);
  if (text(beside["link"])) return behind(own, text(beside["link"]), tables);
  if (!own.table && place.incoming.length === 0) return { table: place.dimensions[text(beside["dimension"])] ?? "", columns: [] };
  return own;
}

function otherRows(beside: Rule, own: About, place: Place): About {
  const arrow = place.incoming.find(({ source, port }) => [source, `${source}.${port}`].includes(text(beside["arrow"])));
  if (arrow) return { table: arrow.table, columns: arrow.columns };
  if (text(beside["table"])) return { table: text(beside["table"]), columns: own.columns };
  const dimension = place.dimensions[text(beside["dimension"])];
  return dimension ? { table: dimension, columns: own.columns } : own;
}

function behind(own: About, link: string, tables: Tables): About | undefined {
  const table = endOf(own.table, link, tables);
  return table === undefined ? undefined : { table, columns: [] };
}

/** The table that links, joined by dots, lead to: undefined as long as one is not loaded, empty where it is not known. */
export function endOf(table: string, link: string, tables: Tables): string | undefined {
  if (table === "" || link === "") return "";
  const known = tables(table);
  if (!known) return undefined;
  const whole = known.collections.find(({ name }) => name === link);
  if (whole) return whole.table;
  const [first = "", ...rest] = link.split(".");
  const step = known.collections.find(({ name }) => name === first);
  return step && rest.length > 0 ? endOf(step.table, rest.join("."), tables) : "";
}

/** The attribute of this name, through links too; undefined where it is not known, or not yet. */
export function attributeNamed(about: About, name: string, tables: Tables): Attribute | undefined {
  if (name.startsWith("@")) return about.columns.find((each) => each.name === name);
  const known = tables(about.table);
  const own = known?.attributes.find((each) => each.name === name);
  if (own || !known || !name.includes(".")) return own;
  const [first = "", ...rest] = name.split(".");
  const step = known.collections.find((each) => each.name === first && !each.many);
  const found = step && attributeNamed({ table: step.table, columns: [] }, rest.join("."), tables);
  return step && found ? { ...found, name, group: [step.label, found.group].filter(Boolean).join(" → ") } : undefined;
}

export function collectionNamed(table: string, link: string, tables: Tables): Collection | undefined {
  const known = tables(table);
  const whole = known?.collections.find(({ name }) => name === link);
  if (whole || !known) return whole;
  const [first = "", ...rest] = link.split(".");
  const step = known.collections.find(({ name }) => name === first);
  const found = step && rest.length > 0 ? collectionNamed(step.table, rest.join("."), tables) : undefined;
  return step && found ? { ...found, name: link, group: [step.label, found.group].filter(Boolean).join(" → ") } : undefined;
}

export const labelOf = ({ group, label }: { group: string; label: string }): string => (group ? `${group} → ${label}` : label);

/** The type of what a condition names, as far as it is known without asking; expressions are judged by the server. */
export function typeOf(about: About, attribute: Json | undefined, tables: Tables): string {
  if (isInside(attribute)) return attribute.type ?? "text";
  return typeof attribute === "string" ? (attributeNamed(about, attribute, tables)?.type ?? "") : "";
}
