// The drawing as a list: each activity in the order of the flow, below it its ways out; at the end the notes.
import type { CampaignDocument, Transition } from "../model/document";
import { activityOf, portOf } from "../model/document";
import type { Activity } from "../model/document";
import { outlineOrder } from "../model/graph";
import type { Known, Port } from "../model/kinds";
import { leaving, portsOf } from "../model/kinds";
import { noteKeys, noteOf } from "../model/notes";

export type Row = FlowRow | NoteRow;

export type FlowRow =
  | { readonly is: "activity"; readonly key: string; readonly activity: Activity; readonly number: number }
  | {
      readonly is: "way";
      readonly key: string;
      readonly activity: Activity;
      readonly port: Port;
      readonly transition: Transition | null;
    };

export interface NoteRow {
  readonly is: "note";
  readonly key: string;
  readonly text: string;
}

export function rowsOf(document: CampaignDocument, known: Known): Row[] {
  const notes = noteKeys(document).map((key): Row => ({ is: "note", key, text: noteOf(document, key)?.text ?? "" }));
  return [...flowRows(document, known), ...notes];
}

export function flowRows(document: CampaignDocument, known: Known): FlowRow[] {
  return outlineOrder(document).flatMap((id, index): FlowRow[] => {
    const activity = activityOf(document, id);
    if (!activity) return [];
    const ways = portsOf(known, document, activity).flatMap((port): FlowRow[] => {
      const leads = leaving(document, id).filter((each) => portOf(each) === port.name);
      const common = { is: "way" as const, activity, port };
      if (leads.length === 0) return [{ ...common, key: `${id} ${port.name}`, transition: null }];
      return leads.map((transition) => ({ ...common, key: `${id} ${port.name} ${transition.to}`, transition }));
    });
    return [{ is: "activity", key: id, activity, number: index + 1 }, ...ways];
  });
}
