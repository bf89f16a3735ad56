// Which rules can be drawn, and whether one is filled in. Whatever this does not know is shown as it is written.
import type { Json } from "../model/document";
import { operandKind } from "./operands";
import type { Rule } from "./tree";
import { isGroup, isRule } from "./tree";

type Check = (value: Json | undefined) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => value === undefined || typeof value === "boolean";
const isWhere: Check = (value) => value === undefined || value === null || isRule(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);
const isCount: Check = (value) => typeof value === "number";

export const isExpression = (value: Json | undefined): value is { expression: string } =>
  isRule(value) && typeof value["expression"] === "string" && Object.keys(value).length === 1;

export const isInside = (value: Json | undefined): value is { name: string; path: string[]; type?: string } =>
  isRule(value) &&
  typeof value["name"] === "string" &&
  Array.isArray(value["path"]) &&
  value["path"].every(isText) &&
  Object.keys(value).every((name) => ["name", "path", "type"].includes(name));

const isAttribute: Check = (value) => isText(value) || isExpression(value) || isInside(value);
const isOperand: Check = (value) => value === undefined || value === null || operandKind(value) !== null;
const isWithin: Check = (value) => isRule(value) && isCount(value["n"]) && Object.keys(value).every((name) => ["n", "unit"].includes(name));
const isStep: Check = (value) =>
  isRule(value) && isWhere(value["where"]) && optional(isWithin)(value["within"]) && Object.keys(value).every((name) => ["where", "within"].includes(name));
const isSteps: Check = (value) => Array.isArray(value) && value.every(isStep);
const isParameters: Check = (value) => value === undefined || (isRule(value) && Object.values(value).every(isOperand));

const MEMBERS: { readonly [kind: string]: { readonly [member: string]: Check } } = {
  condition: { attribute: isAttribute, operator: isText, value: isOperand, case_sensitive: isFlag },
  exists: { link: isText, where: isWhere, negate: isFlag },
  aggregate: { link: isText, function: isText, attribute: optional(isAttribute), where: isWhere, operator: isText, value: isOperand, separator: optional(isText) },
  nth: { link: isText, by: isAttribute, descending: isFlag, n: optional(isCount), among: isWhere, where: isWhere, negate: isFlag },
  sequence: { link: isText, at: isAttribute, steps: isSteps, negate: isFlag },
  filter: { filter: isText, parameters: isParameters },
  member: { audience: isText, negate: isFlag },
};

/** Whether this very node, not those in it, has a form of its own. */
export function isDrawn(rule: Json): rule is Rule {
  if (isGroup(rule)) return true;
  const members = isRule(rule) ? MEMBERS[String(rule["kind"])] : undefined;
  if (!members || !isRule(rule)) return false;
  const names = Object.keys(rule).filter((name) => name !== "kind");
  return names.every((name) => name in members) && Object.entries(members).every(([name, check]) => check(rule[name]));
}

const EMPTY_NEEDED = new Set(["is_empty", "is_not_empty", "is_true", "is_false"]);

/** Whether everything is filled in that a rule of this kind needs; the server judges the rest. */
export function isFilled(rule: Json): boolean {
  if (!isRule(rule)) return false;
  switch (rule["kind"]) {
    case "condition":
      return isNamed(rule["attribute"]) && rule["operator"] !== "" && hasValue(rule);
    case "exists":
    case "nth":
    case "sequence":
      return rule["link"] !== "" && isNamed(rule["by"] ?? rule["at"] ?? "-");
    case "aggregate":
      return rule["link"] !== "" && rule["operator"] !== "" && hasValue(rule) && (rule["function"] === "count" || isNamed(rule["attribute"] ?? ""));
    case "filter":
      return rule["filter"] !== "";
    case "member":
      return rule["audience"] !== "";
    default:
      return !Array.isArray(rule["of"]) || rule["of"].length > 0;
  }
}

const isNamed = (attribute: Json | undefined): boolean =>
  isExpression(attribute) ? attribute.expression.trim() !== "" : isInside(attribute) ? attribute.path.length > 0 && attribute.path.every(Boolean) : attribute !== "";

function hasValue(rule: Rule): boolean {
  if (EMPTY_NEEDED.has(String(rule["operator"]))) return true;
  return isGiven(rule["value"]);
}

function isGiven(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isGiven);
  if (isRule(value)) return Object.values(value).every((each) => each !== "");
  return value !== undefined && value !== null && value !== "";
}
