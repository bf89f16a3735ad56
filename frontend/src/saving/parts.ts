// A document taken apart into what people speak of, with the names that the server gives the parts.
import type { Activity, CampaignDocument, Config, Json, Notes, Transition } from "../model/document";
import { activitiesOf, portOf, transitionsOf } from "../model/document";

export type PartKind = "header" | "variable" | "schedule" | "errors" | "activity" | "transition" | "note";

export interface Part {
  readonly kind: PartKind;
  /** Empty where there is only one of the kind. */
  readonly name: string;
  /** `null` where it is not there. */
  readonly value: Json;
}

export const keyOfPart = ({ kind, name }: { readonly kind: PartKind; readonly name: string }): string => `${kind} ${name}`;

export function partsOf(document: CampaignDocument): ReadonlyMap<string, Part> {
  const parts: Part[] = [
    { kind: "header", name: "", value: document.campaign },
    { kind: "schedule", name: "", value: document.schedule ?? {} },
    { kind: "errors", name: "", value: document.errors ?? {} },
    ...Object.entries(document.variables ?? {}).map(([name, value]): Part => ({ kind: "variable", name, value })),
    ...activitiesOf(document).map((each): Part => ({ kind: "activity", name: each.id, value: each as unknown as Json })),
    ...transitionsOf(document).map((each): Part => ({ kind: "transition", name: arrowName(each), value: each as unknown as Json })),
    ...Object.entries(document.notes ?? {}).map(([name, each]): Part => ({ kind: "note", name, value: each as unknown as Json })),
  ];
  return new Map(parts.map((part) => [keyOfPart(part), part]));
}

/** The document with one part as given; `null` takes it out. */
export function withPart(document: CampaignDocument, { kind, name, value }: Part): CampaignDocument {
  switch (kind) {
    case "activity":
      return { ...document, activities: replaced(activitiesOf(document), ({ id }) => id === name, value as unknown as Activity | null) };
    case "transition":
      return {
        ...document,
        transitions: replaced(transitionsOf(document), (each) => arrowName(each) === name, value as unknown as Transition | null),
      };
    case "variable":
      return { ...document, variables: withEntry(document.variables ?? {}, name, value) };
    case "note":
      return { ...document, notes: withEntry((document.notes ?? {}) as unknown as Config, name, value) as unknown as Notes };
    case "header":
      return { ...document, campaign: value as CampaignDocument["campaign"] };
    default:
      return { ...document, [kind]: (value ?? {}) as Config };
  }
}

function replaced<T>(parts: readonly T[], isIt: (part: T) => boolean, next: T | null): T[] {
  const others = parts.filter((part) => !isIt(part));
  return next === null ? others : [...others, next];
}

function withEntry(entries: Config, name: string, value: Json): Config {
  const { [name]: _last, ...others } = entries;
  return value === null ? others : { ...others, [name]: value };
}

/** The name the server gives a transition. */
export function arrowName(transition: Transition): string {
  const port = portOf(transition);
  return `${transition.from}${port === "main" ? "" : `.${port}`} → ${transition.to}`;
}
