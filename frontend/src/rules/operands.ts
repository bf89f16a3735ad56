// What a condition compares with, as rules write it, and as people choose it.
import type { Json } from "../model/document";
import { writeJson } from "../model/json";
import type { Rule } from "./tree";
import { isRule } from "./tree";

export type ValueShape = "nothing" | "one" | "pair" | "list" | "period" | "days";
export type OperandKind = "literal" | "list" | "variable" | "parameter" | "attribute" | "expression" | "today" | "now" | PeriodKind | "days";
export type PeriodKind = "last" | "next" | "this" | "older_than" | "later_than";

export const PERIODS: readonly PeriodKind[] = ["last", "next", "this", "older_than", "later_than"];
export const LONG_UNITS = ["day", "week", "month", "quarter", "year"] as const;
export const SHORT_UNITS = ["hour", "minute"] as const;
export const TIMES = new Set(["date", "datetime"]);
export const NUMBERS = new Set(["integer", "decimal", "float"]);

const MEMBERS: { readonly [kind: string]: readonly string[] } = {
  variable: ["variable"],
  parameter: ["parameter"],
  attribute: ["attribute"],
  expression: ["expression"],
  today: ["today", "unit", "anchor"],
  now: ["now", "unit", "anchor"],
  last: ["last", "unit", "anchor"],
  next: ["next", "unit", "anchor"],
  this: ["this", "shift", "anchor"],
  older_than: ["older_than", "unit", "anchor"],
  later_than: ["later_than", "unit", "anchor"],
  days: ["days", "anchor"],
};

/** Null where it is written in a way that is not known here. */
export function operandKind(value: Json): OperandKind | null {
  if (Array.isArray(value)) return value.every((each) => !Array.isArray(each) && each !== null && operandKind(each) !== null) ? "list" : null;
  if (!isRule(value)) return value === null ? null : "literal";
  const kind = Object.keys(MEMBERS).find((name) => name in value);
  if (!kind || !Object.keys(value).every((name) => MEMBERS[kind]?.includes(name))) return null;
  return hasTypes(value, kind) ? (kind as OperandKind) : null;
}

const NUMERIC = new Set(["today", "now", "last", "next", "older_than", "later_than"]);

function hasTypes(value: Rule, kind: string): boolean {
  const main = value[kind];
  const rest = ["unit", "anchor"].every((name) => value[name] === undefined || value[name] === null || typeof value[name] === "string");
  if (!rest || (value["shift"] !== undefined && typeof value["shift"] !== "number")) return false;
  if (kind === "days") return Array.isArray(main) && main.length === 2 && main.every((each) => typeof each === "number");
  return NUMERIC.has(kind) ? typeof main === "number" : typeof main === "string";
}

/** What may stand where one value is asked for. */
export function kindsFor(type: string, current: OperandKind | null): OperandKind[] {
  const kinds: OperandKind[] = ["literal", ...(TIMES.has(type) ? (["today", "now"] as const) : []), "attribute", "variable", "expression"];
  return current && !kinds.includes(current) && current !== "list" ? [...kinds, current] : kinds;
}

export function blankOperand(kind: OperandKind, type: string): Json {
  switch (kind) {
    case "today":
      return { today: 0 };
    case "now":
      return { now: 0 };
    case "variable":
    case "attribute":
    case "expression":
    case "parameter":
      return { [kind]: "" };
    case "days":
      return { days: [0, 7] };
    case "this":
      return { this: "month" };
    case "last":
    case "next":
    case "older_than":
    case "later_than":
      return { [kind]: 30 };
    case "list":
      return [];
    default:
      return type === "boolean" ? true : "";
  }
}

export function blankValue(shape: ValueShape, type: string): Json | undefined {
  switch (shape) {
    case "nothing":
      return undefined;
    case "pair":
      return [blankOperand("literal", type), blankOperand("literal", type)];
    case "list":
      return [];
    case "period":
      return { last: 30 };
    case "days":
      return { days: [0, 7] };
    default:
      return blankOperand("literal", type);
  }
}

export function shapeOfValue(value: Json | undefined): ValueShape {
  if (value === undefined || value === null) return "nothing";
  const kind = operandKind(value);
  if (kind === "list") return "list";
  if (kind === "days") return "days";
  return kind && (PERIODS as readonly string[]).includes(kind) ? "period" : "one";
}

/** The value under another operator: kept as far as the other takes it. */
export function reshaped(value: Json | undefined, shape: ValueShape, type: string): Json | undefined {
  const own = shapeOfValue(value);
  if (shape === "pair") return Array.isArray(value) && value.length > 0 ? [value[0] ?? "", value[1] ?? ""] : own === "one" ? [value as Json, blankOperand("literal", type)] : blankValue(shape, type);
  if (shape === "list") return Array.isArray(value) ? value.filter((each) => each !== "") : own === "one" && value !== "" ? [value as Json] : [];
  if (shape === "one") return Array.isArray(value) ? (value[0] ?? blankValue("one", type)) : own === "one" ? value : blankValue("one", type);
  return own === shape ? value : blankValue(shape, type);
}

/** A number where that loses nothing, else the text as it was typed. */
export function literalOf(text: string, type: string): Json {
  if (type === "boolean") return text === "true";
  return NUMBERS.has(type) && /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

export const textOf = (value: Json | undefined): string => (value === null || value === undefined ? "" : typeof value === "object" ? writeJson(value) : String(value));

/** A member with its default is left out, as the server leaves it out. */
export function withMember(value: Rule, name: string, given: Json | undefined, byDefault?: Json): Rule {
  const { [name]: _old, ...others } = value;
  return given === undefined || given === byDefault ? others : name in value ? { ...value, [name]: given } : { ...others, [name]: given };
}

/** Another period over the same number and unit, as far as it has them. */
export function otherPeriod(value: Rule, kind: PeriodKind): Rule {
  const anchor = typeof value["anchor"] === "string" ? { anchor: value["anchor"] } : {};
  const before = PERIODS.find((name) => name in value);
  if (kind === "this") {
    const unit = String(value["unit"] ?? "month");
    return { this: (LONG_UNITS as readonly string[]).includes(unit) ? unit : "day", ...anchor };
  }
  if (before === "this") return { [kind]: 1, unit: value["this"] ?? "day", ...anchor };
  const unit = value["unit"] !== undefined ? { unit: value["unit"] } : {};
  return { [kind]: (before && value[before]) ?? 30, ...unit, ...anchor };
}
