// What every part of the builder works with: one rule, where it stands, and the one way to change it.
import { createContext, useContext } from "react";
import type { Client, Problem } from "../api/client";
import type { Json } from "../model/document";
import type { About } from "./about";
import type { Asked, Place } from "./api";
import type { Evaluation } from "./evaluating";
import type { Library } from "./library";
import type { Edited, Path } from "./tree";

export interface Desk {
  readonly client: Client;
  readonly library: Library;
  readonly place: Place;
  readonly root: Json;
  readonly isOff: boolean;
  readonly evaluation: Evaluation;
  /** Problems by the pointer of the part they belong to. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  /** How the rule is asked about rows of this table. */
  readonly askedOf: (about: About) => Asked;
  /** A step of its own, after which `part` of the row that was changed has the focus. */
  readonly edit: (next: Edited, focus?: "handle" | "form" | "none") => void;
  readonly notify: (text: string) => void;
  /** Letter by letter, as one step. */
  readonly type: (path: Path, rule: Json) => void;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("no rule around this part");
  return desk;
}
