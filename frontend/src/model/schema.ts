// What a JSON Schema node means for a form: references followed, `null` taken out, choices and unions recognised.
import type { Json } from "./document";

export type Node = { readonly [name: string]: Json };

export interface Choice {
  readonly value: Json;
  readonly label: string;
}

export type FieldKind = "text" | "number" | "toggle" | "choice" | "choices" | "group" | "list" | "union" | "json";

export interface Field {
  readonly kind: FieldKind;
  readonly node: Node;
  /** Whether `null` is a value too. */
  readonly nullable: boolean;
  readonly choices: readonly Choice[];
}

export interface Variant {
  readonly value: string;
  readonly label: string;
  readonly node: Node;
}

/** Widgets whose values are a language of their own: until an editor registers for one, it is edited as JSON. */
const LANGUAGES = new Set(["rule"]);
const SCALARS = new Set(["string", "integer", "number", "boolean"]);

const isNode = (value: Json | undefined): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const nodes = (value: Json | undefined): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
export const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

export class Schema {
  constructor(private readonly root: Node) {}

  field(start: Node): Field {
    const { node, nullable } = this.resolved(start);
    const choices = choicesOf(node);
    return { kind: this.kind(node, choices), node, nullable, choices };
  }

  items(node: Node): Node {
    return isNode(node["items"]) ? node["items"] : {};
  }

  properties(node: Node): [string, Node][] {
    const properties = isNode(node["properties"]) ? node["properties"] : {};
    return Object.entries(properties).flatMap(([name, each]) => (isNode(each) ? [[name, each]] : []));
  }

  required(node: Node): Set<string> {
    return new Set((Array.isArray(node["required"]) ? node["required"] : []).map(text));
  }

  discriminator(node: Node): string {
    return isNode(node["discriminator"]) ? text(node["discriminator"]["propertyName"]) : "";
  }

  /** The members of a union in the order of the schema, each by its value of the discriminator. */
  variants(node: Node): Variant[] {
    const name = this.discriminator(node);
    return nodes(node["oneOf"]).flatMap((option) => {
      const member = this.resolved(option).node;
      const own = isNode(member["properties"]) ? member["properties"][name] : undefined;
      if (!isNode(own)) return [];
      const value = text(own["const"]);
      return [{ value, label: text(own["title"]) || text(member["title"]) || value, node: member }];
    });
  }

  /** A value to begin with: the default, else what the form would show for nothing. */
  blank(start: Node): Json {
    const { kind, node, nullable, choices } = this.field(start);
    if (node["default"] !== undefined) return node["default"];
    if (nullable) return null;
    const union = kind === "union" ? this.variants(node)[0] : undefined;
    switch (kind) {
      case "toggle":
        return false;
      case "number":
        return typeof node["minimum"] === "number" ? node["minimum"] : 0;
      case "choice":
        return choices[0]?.value ?? "";
      case "group":
        return this.blankGroup(node);
      case "union":
        return union ? this.blankVariant(node, union) : {};
      case "list":
      case "choices":
        return [];
      case "json":
        return {};
      default:
        return text(node["const"]);
    }
  }

  blankVariant(union: Node, variant: Variant): Json {
    return { ...(this.blankGroup(variant.node) as { [name: string]: Json }), [this.discriminator(union)]: variant.value };
  }

  /** Only what has to be there; a setting that is left out has its default. */
  private blankGroup(node: Node): Json {
    const required = this.required(node);
    const there = this.properties(node).filter(([name]) => required.has(name));
    return Object.fromEntries(there.map(([name, each]) => [name, this.blank(each)]));
  }

  private kind(node: Node, choices: readonly Choice[]): FieldKind {
    if (LANGUAGES.has(text(node["widget"]))) return "json";
    if (this.discriminator(node)) return "union";
    if (choices.length > 0) return "choice";
    switch (node["type"]) {
      case "boolean":
        return "toggle";
      case "integer":
      case "number":
        return "number";
      case "string":
        return "text";
      case "array":
        return this.arrayKind(node);
      case "object":
        return isNode(node["properties"]) ? "group" : "json";
      default:
        return "json";
    }
  }

  private arrayKind(node: Node): FieldKind {
    const items = this.field(this.items(node));
    if (items.kind === "choice") return "choices";
    return items.kind === "json" ? "json" : "list";
  }

  /** What stands beside a reference wins over what it points to. */
  private resolved(start: Node): { node: Node; nullable: boolean } {
    let node = start;
    let nullable = false;
    for (let depth = 0; depth < 20 && ("$ref" in node || "anyOf" in node); depth++) {
      if ("$ref" in node) {
        const { $ref, ...beside } = node;
        node = { ...this.definition(text($ref)), ...beside };
        continue;
      }
      const { anyOf, ...beside } = node;
      const options = nodes(anyOf);
      const left = options.filter((option) => option["type"] !== "null");
      nullable ||= left.length < options.length;
      node = { ...narrowest(left), ...beside };
    }
    return { node, nullable };
  }

  /** The description of a definition is written for whoever reads the code. */
  private definition(reference: string): Node {
    const definitions = isNode(this.root["$defs"]) ? this.root["$defs"] : {};
    const found = definitions[reference.split("/").at(-1) ?? ""];
    if (!isNode(found)) return {};
    const { description, ...rest } = found;
    return found["type"] === "object" || "enum" in found ? rest : { ...rest, ...(description ? { description } : {}) };
  }
}

/** Of several scalar types the text: it can hold them all. Other unions without a discriminator are not drawn. */
function narrowest(options: readonly Node[]): Node {
  if (options.length === 1) return options[0] ?? {};
  if (options.every((option) => SCALARS.has(text(option["type"])))) {
    return options.find((option) => option["type"] === "string") ?? options[0] ?? {};
  }
  return {};
}

function choicesOf(node: Node): Choice[] {
  const labels = isNode(node["labels"]) ? node["labels"] : {};
  if (Array.isArray(node["enum"])) {
    return node["enum"].map((value) => ({ value, label: text(labels[String(value)]) || String(value) }));
  }
  const options = nodes(node["oneOf"]);
  if (options.length === 0 || !options.every((option) => "const" in option)) return [];
  return options.map((option) => ({ value: option["const"] ?? null, label: text(option["title"]) || String(option["const"]) }));
}

/** The titles of the settings that lead to a place; what has none, such as the number of an entry, is named as it is. */
export function titlesAt(schema: Schema, start: Node, path: readonly string[]): string[] {
  const [name, ...rest] = path;
  if (name === undefined) return [];
  const { kind, node } = schema.field(start);
  if (kind === "list" || kind === "choices") return [String(Number(name) + 1), ...titlesAt(schema, schema.items(node), rest)];
  const groups = kind === "union" ? schema.variants(node).map((each) => each.node) : [node];
  const found = groups.flatMap((group) => schema.properties(group)).find(([each]) => each === name)?.[1];
  return found ? [text(schema.field(found).node["title"]) || name, ...titlesAt(schema, found, rest)] : path.slice();
}
