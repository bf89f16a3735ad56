// The drawing as a graph: reach and order. Knows no activity types.
import { inOrder } from "./canonical";
import type { CampaignDocument, Transition } from "./document";
import { MAIN, activitiesOf, portOf, transitionsOf } from "./document";

export function targetsOf(document: CampaignDocument): Map<string, string[]> {
  const targets = new Map<string, string[]>(activitiesOf(document).map(({ id }) => [id, []]));
  for (const { from, to } of inPortOrder(transitionsOf(document))) if (targets.has(to)) targets.get(from)?.push(to);
  return targets;
}

const COMPLEMENT = "complement";
const rank = (transition: Transition): number => portOf(transition) === MAIN ? 0 : portOf(transition) === COMPLEMENT ? 2 : 1;

/** The main way out first and who is left over last, as boxes list them. */
export const inPortOrder = (transitions: readonly Transition[]): Transition[] =>
  [...transitions].sort((one, other) => rank(one) - rank(other) || inOrder(portOf(one), portOf(other)));

/** Every id that can be reached by at least one transition. */
export function downstream(document: CampaignDocument, id: string): Set<string> {
  const targets = targetsOf(document);
  const seen = new Set<string>();
  const waiting = [...(targets.get(id) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(targets.get(next) ?? []));
  }
  return seen;
}

/** Every id that can be reached against the transitions. */
export function upstream(document: CampaignDocument, id: string): string[] {
  return activitiesOf(document)
    .map((activity) => activity.id)
    .filter((other) => downstream(document, other).has(id));
}

/** In the order of the flow, a branch to its end before the next one; what stands in a circle comes last. */
export function outlineOrder(document: CampaignDocument): string[] {
  const targets = targetsOf(document);
  const arriving = new Map<string, number>([...targets.keys()].map((id) => [id, 0]));
  for (const list of targets.values()) for (const to of list) arriving.set(to, (arriving.get(to) ?? 0) + 1);
  const order: string[] = [];
  const ready = [...targets.keys()].filter((id) => !arriving.get(id)).sort(inOrder).reverse();
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    order.push(id);
    const released = (targets.get(id) ?? []).filter((to) => {
      arriving.set(to, (arriving.get(to) ?? 0) - 1);
      return arriving.get(to) === 0;
    });
    ready.push(...released.reverse());
  }
  const rest = [...targets.keys()].filter((id) => !order.includes(id)).sort(inOrder);
  return [...order, ...rest];
}
