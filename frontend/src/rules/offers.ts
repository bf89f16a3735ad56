// What the pickers list: attributes, linked rows and other conditions, grouped as people look for them.
import type { About, Tables } from "./about";
import { labelOf } from "./about";
import type { Attribute, Collection, FoundField, Place } from "./api";
import { condition, exists, formula, asLinked, member } from "./blanks";
import type { Library } from "./library";
import type { Entry } from "../ui/SearchList";
import { t } from "./messages";
import type { Rule } from "./tree";

export interface Offer<T> extends Entry {
  readonly value: T;
}

/** An attribute to be noted as used, seen from the table it was chosen from. */
interface Used {
  readonly table: string;
  readonly name: string;
}

export type Added = { readonly add: "rule"; readonly rule: Rule; readonly used: Used | null } | { readonly add: "filter" };

const ICONS: { readonly [type: string]: string } = {
  text: "match_case",
  integer: "tag",
  decimal: "tag",
  float: "tag",
  boolean: "toggle_on",
  date: "calendar_month",
  datetime: "schedule",
  uuid: "fingerprint",
  json: "data_object",
};

export const iconOf = (type: string): string => ICONS[type] ?? "label";

const typed = (type: string): string => t.types[type] ?? type;

const groupOf = (attribute: Attribute, table: string): string => (attribute.name.startsWith("@") ? t.fromTheFlow : attribute.group || table);

const offered = <T>(attribute: Attribute, group: string, value: T, key = attribute.name): Offer<T> => ({
  key: `${group} ${key}`,
  label: attribute.label,
  detail: [group === t.favourites || group === t.recents ? attribute.group : "", typed(attribute.type), attribute.name].filter(Boolean).join(" · "),
  icon: iconOf(attribute.type),
  group,
  value,
});

/** Columns of the flow first, then one's marks, then the row's own and what it points to. */
export function attributesOf(about: About, library: Library, suits: (type: string) => boolean = () => true): Offer<Attribute>[] {
  const known = library.table(about.table);
  const all = [...about.columns, ...(known?.attributes ?? [])].filter(({ type }) => suits(type));
  const marked = (marks: readonly { table: string; attribute: string }[], group: string) =>
    marks
      .filter(({ table }) => table === about.table)
      .flatMap(({ attribute }) => all.find(({ name }) => name === attribute) ?? [])
      .map((attribute) => offered(attribute, group, attribute));
  return [
    ...marked(library.marks.favourites, t.favourites),
    ...marked(library.marks.recents.slice(0, 6), t.recents),
    ...all.map((attribute) => offered(attribute, groupOf(attribute, known?.label ?? ""), attribute)),
  ];
}

const linkIcon = (isMany: boolean): string => (isMany ? "table_rows" : "link");

export function collectionsOf(table: string, tables: Tables): Offer<Collection>[] {
  const direct = tables(table)?.collections ?? [];
  const further = direct.filter(({ many, group }) => many && !group).flatMap((each) => behind(each, table, tables));
  return [...direct, ...further].map((each) => ({
    key: each.name,
    label: each.label,
    detail: [each.group, each.many ? t.manyRows : t.oneRow, each.name].filter(Boolean).join(" · "),
    icon: linkIcon(each.many),
    group: "",
    value: each,
  }));
}

/** Rows that rows of a collection lead to, such as the lines of orders. */
const behind = (first: Collection, start: string, tables: Tables): Collection[] =>
  (tables(first.table)?.collections ?? [])
    .filter(({ table, many, name }) => many && table !== start && !name.includes("."))
    .map((next) => ({ ...next, name: `${first.name}.${next.name}`, group: labelOf(first) }));

/** Everything that may be asked of a row. */
export function conditionsOf(about: About, place: Place, library: Library): Offer<Added>[] {
  const attributes = attributesOf(about, library).map((offer) => ({
    ...offer,
    value: { add: "rule" as const, rule: condition(offer.value), used: { table: about.table, name: offer.value.name } },
  }));
  const local = attributes.filter(({ value }) => !value.used.name.includes("."));
  const pointed = attributes.filter(({ value }) => value.used.name.includes("."));
  const rows = linked(about, library.table);
  const far = rows.filter(({ key }) => key.split(" ")[0]?.includes("."));
  return [...local, ...rows.filter((row) => !far.includes(row)), ...audiences(about, place), ...others(), ...pointed, ...far];
}

function linked(about: About, tables: Tables): Offer<Added>[] {
  return collectionsOf(about.table, tables)
    .filter(({ value }) => value.many)
    .flatMap(({ value }) => {
      const some = exists(value.name);
      const way = (label: string, rule: Rule, key: string): Offer<Added> => ({
        key: `${value.name} ${key}`,
        label,
        detail: [value.group, t.linkedRows, value.name].filter(Boolean).join(" · "),
        icon: key === "no" ? "block" : key === "some" ? "table_rows" : "functions",
        group: t.linkedRows,
        value: { add: "rule", rule, used: null },
      });
      return [
        way(t.hasSome(value.label), some, "some"),
        way(t.hasNo(value.label), { ...some, negate: true }, "no"),
        way(t.hasMany(value.label), asLinked(some, "count", ""), "count"),
        way(t.hasFigure(value.label), asLinked(some, "sum", ""), "sum"),
      ];
    });
}

const MOST_STARTS = 6;

/** A few of the conditions to begin with: one's own attributes, then ways to ask for linked rows. */
export function startsOf(offers: readonly Offer<Added>[]): Offer<Added>[] {
  const marked = offers.filter(({ group }) => group === t.favourites || group === t.recents);
  const own = marked.filter(({ label }, index) => marked.findIndex((each) => each.label === label) === index).slice(0, 3);
  // What the company calls itself has shorter names than what Tutti adds to it.
  const rows = offers
    .filter(({ key, group }) => group === t.linkedRows && / (count|no)$/.test(key) && !key.includes("."))
    .sort((one, other) => one.label.length - other.label.length);
  return [...own, ...rows].slice(0, MOST_STARTS);
}

const audiences = (about: About, place: Place): Offer<Added>[] =>
  place.audiences
    .filter(({ table }) => table === about.table)
    .map(({ name, label }) => ({
      key: `audience ${name}`,
      label: label || name,
      detail: t.audience,
      icon: "groups",
      group: t.audiences,
      value: { add: "rule", rule: member(name), used: null },
    }));

const others = (): Offer<Added>[] => [
  { key: "filter", label: t.savedFilter, detail: t.savedFilterHelp, icon: "filter_alt", group: t.otherConditions, value: { add: "filter" } },
  { key: "expression", label: t.expression, detail: t.expressionHelp, icon: "function", group: t.otherConditions, value: { add: "rule", rule: formula(), used: null } },
  {
    key: "group",
    label: t.group,
    detail: t.groupHelp,
    icon: "account_tree",
    group: t.otherConditions,
    value: { add: "rule", rule: { kind: "any", of: [] }, used: null },
  },
];

/** A field that was found by its words; behind a link to many it is asked for by `exists`. */
export function foundOffer(field: FoundField, table: string): Offer<Added> {
  const attribute = attributeOf(field);
  const own = condition({ ...attribute, name: field.many ? field.name : field.attribute });
  return {
    key: `found ${field.attribute}`,
    label: field.label,
    detail: [field.labels.join(" → "), typed(field.type), field.many ? t.linkedRows : "", field.attribute].filter(Boolean).join(" · "),
    icon: iconOf(field.type),
    group: t.found,
    value: { add: "rule", rule: field.many ? exists(field.collection, own) : own, used: field.many ? { table: field.table, name: field.field } : { table, name: field.attribute } },
  };
}

export const attributeOf = ({ attribute, label, labels, type, enumeration }: FoundField): Attribute => ({
  name: attribute,
  label,
  type,
  group: labels.join(" → "),
  ...(Object.keys(enumeration).length > 0 ? { choices: enumeration } : {}),
});
