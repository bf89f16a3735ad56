// JSON Patch (RFC 6902), as far as the fixes of the server are made of it. Documents are never changed in place.
import type { components } from "../api/schema";
import { sameJson } from "./canonical";
import type { CampaignDocument, Json } from "./document";

export type Operation = components["schemas"]["OperationShape"];

class Unfit extends Error {}

/** The document after all operations; null where it is not as they suppose. */
export function patched(document: CampaignDocument, operations: readonly Operation[]): CampaignDocument | null {
  try {
    const plain = document as unknown as Json;
    return operations.reduce(after, plain) as unknown as CampaignDocument;
  } catch (error) {
    if (error instanceof Unfit) return null;
    throw error;
  }
}

function after(data: Json, { op, path, value }: Operation): Json {
  const steps = path.split("/").slice(1).map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
  const given = (value ?? null) as Json;
  if (op === "test") {
    if (!sameJson(steps.reduce(at, data), given)) throw new Unfit();
    return data;
  }
  if (op !== "add") steps.reduce(at, data);
  return changed(data, steps, op, given);
}

function changed(data: Json, [step, ...rest]: readonly string[], op: "add" | "remove" | "replace", value: Json): Json {
  if (step === undefined) {
    if (op === "remove") throw new Unfit();
    return value;
  }
  if (rest.length > 0) return withPart(data, step, changed(at(data, step), rest, op, value));
  if (Array.isArray(data)) {
    const place = step === "-" && op === "add" ? data.length : placeIn(step, op === "add" ? data.length : data.length - 1);
    return data.toSpliced(place, op === "add" ? 0 : 1, ...(op === "remove" ? [] : [value]));
  }
  if (typeof data !== "object" || data === null) throw new Unfit();
  if (op !== "remove") return { ...data, [step]: value };
  const { [step]: _gone, ...others } = data;
  return others;
}

function withPart(data: Json, step: string, part: Json): Json {
  return Array.isArray(data) ? data.with(Number(step), part) : { ...(data as { [name: string]: Json }), [step]: part };
}

function at(data: Json, step: string): Json {
  if (Array.isArray(data)) return data[placeIn(step, data.length - 1)] as Json;
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, step)) throw new Unfit();
  return data[step] as Json;
}

function placeIn(step: string, most: number): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(step) || Number(step) > most) throw new Unfit();
  return Number(step);
}
