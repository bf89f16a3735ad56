// Whether a transition may be drawn. A refusal is a reason with what its sentence names; texts are the catalogue's.
import type { CampaignDocument } from "./document";
import { activityOf, portOf } from "./document";
import { downstream } from "./graph";
import type { Known } from "./kinds";
import { arriving, kindOf, leaving, portsOf, titleOf } from "./kinds";

export interface Wanted {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

export type Reason =
  | { readonly why: "unknown" }
  | { readonly why: "self" }
  | { readonly why: "no_port"; readonly name: string }
  | { readonly why: "leads_back"; readonly name: string }
  | { readonly why: "there_already" }
  | { readonly why: "port_taken"; readonly name: string }
  | { readonly why: "takes_none"; readonly name: string }
  | { readonly why: "too_many"; readonly name: string; readonly most: number }
  | { readonly why: "circle"; readonly name: string };

/** Null where the transition may be drawn. */
export function refusal(document: CampaignDocument, known: Known, wanted: Wanted): Reason | null {
  const source = activityOf(document, wanted.from);
  const target = activityOf(document, wanted.to);
  if (!source || !target) return { why: "unknown" };
  if (source === target) return { why: "self" };
  const port = portsOf(known, document, source).find(({ name }) => name === wanted.port);
  if (!port) return { why: "no_port", name: titleOf(known, source) };
  if (port.leads_back) return { why: "leads_back", name: port.label };
  return (
    takenReason(document, wanted, port.label) ??
    inboundReason(document, known, wanted.to) ??
    (downstream(document, wanted.to).has(wanted.from) ? { why: "circle", name: titleOf(known, target) } : null)
  );
}

function takenReason(document: CampaignDocument, wanted: Wanted, label: string): Reason | null {
  const there = leaving(document, wanted.from).filter((each) => portOf(each) === wanted.port);
  if (there.some((each) => each.to === wanted.to)) return { why: "there_already" };
  return there.length > 0 ? { why: "port_taken", name: label } : null;
}

function inboundReason(document: CampaignDocument, known: Known, id: string): Reason | null {
  const target = activityOf(document, id);
  const kind = target && kindOf(known, target);
  if (!target || !kind || kind.inbound_max === null) return null;
  if (arriving(document, id).length < kind.inbound_max) return null;
  const name = titleOf(known, target);
  return kind.inbound_max === 0 ? { why: "takes_none", name } : { why: "too_many", name, most: kind.inbound_max };
}
