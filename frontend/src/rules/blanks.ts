// New conditions, filled in as far as one can guess, and what stays when one becomes another.
import type { Json } from "../model/document";
import type { Attribute, Parameter } from "./api";
import { blankValue } from "./operands";
import type { ValueShape } from "./operands";
import type { Rule } from "./tree";

/** What people most often ask of a value of this type. */
const FIRST: { readonly [type: string]: readonly [string, ValueShape] } = {
  text: ["equal", "one"],
  integer: ["greater_or_equal", "one"],
  decimal: ["greater_or_equal", "one"],
  float: ["greater_or_equal", "one"],
  boolean: ["is_true", "nothing"],
  date: ["in_period", "period"],
  datetime: ["in_period", "period"],
  uuid: ["equal", "one"],
  json: ["is_not_empty", "nothing"],
};

const valued = (value: Json | undefined): Rule => (value === undefined ? {} : { value });

export function firstOperator(type: string, hasChoices = false): Rule {
  const [operator, shape] = hasChoices ? (["in", "list"] as const) : (FIRST[type] ?? (["equal", "one"] as const));
  return { operator, ...valued(blankValue(shape, type)) };
}

export const condition = (attribute: Attribute | null): Rule => ({
  kind: "condition",
  attribute: attribute?.name ?? "",
  ...firstOperator(attribute?.type ?? "text", attribute?.choices !== undefined),
});

export const formula = (): Rule => ({ kind: "condition", attribute: { expression: "" }, operator: "equal", value: "" });
export const exists = (link: string, where: Json = null, negate = false): Rule => ({ kind: "exists", link, ...(where === null ? {} : { where }), ...(negate ? { negate } : {}) });
export const member = (audience: string): Rule => ({ kind: "member", audience });

/** Values that a form shows before anybody has given one, for parameters without a default. */
export const firstValues = (parameters: readonly Parameter[]): Rule =>
  Object.fromEntries(
    parameters
      .filter((each) => each.default === undefined && (each.type === "period" || each.type === "boolean") && !each.many)
      .map(({ name, type }) => [name, type === "period" ? { last: 30 } : true]),
  );

export function filter(slug: string, parameters: readonly Parameter[]): Rule {
  const values = firstValues(parameters);
  return { kind: "filter", filter: slug, ...(Object.keys(values).length > 0 ? { parameters: values } : {}) };
}

/** The ways to ask for linked rows: one choice for people, several kinds of rules. */
export type LinkedKind = "some" | "no" | "nth" | "sequence" | FunctionName;
export const FUNCTIONS = ["count", "sum", "avg", "min", "max", "count_distinct", "stddev", "string"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export const isFunction = (kind: string): kind is FunctionName => (FUNCTIONS as readonly string[]).includes(kind);

export function linkedKind(rule: Rule): LinkedKind {
  if (rule["kind"] === "aggregate") return String(rule["function"]) as FunctionName;
  if (rule["kind"] === "exists") return rule["negate"] === true ? "no" : "some";
  return rule["kind"] === "nth" ? "nth" : "sequence";
}

/** The same rows asked in another way. `first` is an attribute to order by, `of` one to count with. */
export function asLinked(rule: Rule, kind: LinkedKind, first: string): Rule {
  const link = rule["link"] ?? "";
  const where = whereOf(rule);
  const kept = where === null ? {} : { where };
  if (kind === "some" || kind === "no") return { kind: "exists", link, ...kept, ...(kind === "no" ? { negate: true } : {}) };
  if (kind === "nth") return { kind: "nth", link, by: rule["at"] ?? first, ...(where === null ? {} : { among: where }) };
  if (kind === "sequence") return { kind: "sequence", link, at: rule["by"] ?? first, steps: [{ ...kept }, {}] };
  const before = rule["kind"] === "aggregate" ? rule : null;
  const compared = before ? { operator: before["operator"] ?? "", ...valued(before["value"]) } : { operator: "greater_or_equal", value: 1 };
  const attribute = kind === "count" ? {} : { attribute: before?.["attribute"] ?? "" };
  return { kind: "aggregate", link, function: kind, ...attribute, ...kept, ...compared };
}

/** The condition on the rows that all ways have. */
function whereOf(rule: Rule): Json {
  if (rule["kind"] === "nth") return rule["among"] ?? rule["where"] ?? null;
  const steps = rule["steps"];
  const [first] = Array.isArray(steps) ? steps : [];
  const step = typeof first === "object" && first !== null && !Array.isArray(first) ? first["where"] : undefined;
  return (rule["kind"] === "sequence" ? step : rule["where"]) ?? null;
}

/** A word of letters, digits and underscores that a saved filter is named by. */
export function slugOf(label: string): string {
  const plain = label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 50);
  return plain || `filter_${Date.now().toString(36)}`;
}
