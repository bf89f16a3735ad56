// What keys that delete, cut or copy act on: what has the focus, and nothing where the focus is on something else.
import type { Store } from "../store";

/** Where such keys act at all; in the drawer and in panels they would take what nobody looks at. */
const DRAWING = ".cv-canvas, .cv-outline, .cv-tools";
const PANEL = ".cv-panel";
const THINGS = ".react-flow__node, .react-flow__edge, [data-key]";

/** The key of the box, arrow or row that has the focus, or holds what has it. */
export function keyAt(target: EventTarget | null): string | null {
  const thing = target instanceof Element ? target.closest(THINGS) : null;
  return thing?.getAttribute("data-key") ?? thing?.getAttribute("data-id") ?? null;
}

/** Selects what has the focus, unless it is selected already; false where there is nothing to act on. */
export function aims(target: EventTarget | null, store: Store): boolean {
  if (target instanceof Element && target !== document.body && !isInDrawing(target)) return false;
  const key = keyAt(target);
  if (key !== null) store.aim(key);
  return true;
}

const isInDrawing = (target: Element): boolean => target.closest(DRAWING) !== null && target.closest(PANEL) === null;
