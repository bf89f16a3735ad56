// Notes as React Flow draws them, below the boxes. What did not change is the same object, so that it is not drawn again.
import type { Node } from "@xyflow/react";
import { t } from "../messages";
import { noteKeys, noteOf, sizeOf } from "../model/notes";
import type { BoxNode, Drawn } from "./drawn";
import { boxes } from "./drawn";

export interface PaperData extends Record<string, unknown> {
  readonly text: string;
  readonly mayEdit: boolean;
  readonly writing: boolean;
}

export type PaperNode = Node<PaperData, "paper">;
export type DrawnNode = BoxNode | PaperNode;

export const isBox = (node: DrawnNode): node is BoxNode => node.type === "box";

export function papers({ document, notes, renaming, mayEdit }: Drawn, before: readonly PaperNode[]): PaperNode[] {
  const last = new Map(before.map((node) => [node.id, node]));
  return noteKeys(document).flatMap((key): PaperNode[] => {
    const note = noteOf(document, key);
    if (!note) return [];
    const old = last.get(key);
    const data = { text: note.text, mayEdit, writing: renaming === key };
    const [x, y] = old?.dragging ? [old.position.x, old.position.y] : note.at;
    const [width, height] = old?.resizing ? [old.width ?? 0, old.height ?? 0] : sizeOf(note);
    const next = { position: { x, y }, width, height, selected: notes?.has(key) ?? false, data };
    if (old && sameLook(old, next)) return [old];
    return [{ ...(old ?? { id: key, type: "paper" as const }), ...next, ariaLabel: `${t.note}: ${note.text || t.noteEmpty}` }];
  });
}

type Look = Pick<PaperNode, "position" | "width" | "height" | "selected" | "data">;

const lookOf = ({ position, width, height, selected, data }: Look): string => JSON.stringify([position.x, position.y, width, height, selected, data]);
const sameLook = (one: Look, other: Look): boolean => lookOf(one) === lookOf(other);

/** All of a drawing that can be moved. */
export const drawnNodes = (drawn: Drawn, before: readonly DrawnNode[]): DrawnNode[] => [
  ...papers(drawn, before.filter((node): node is PaperNode => !isBox(node))),
  ...boxes(drawn, before.filter(isBox)),
];
