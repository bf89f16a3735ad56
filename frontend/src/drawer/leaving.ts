// Leaving the drawer: the focus goes back to the activity whose settings it showed.
import type { Store } from "../store";

export function leaveDrawer(store: Store): void {
  const { open } = store.state;
  if (open === null) return;
  // What follows from leaving a field, such as an id from its label, must not be lost with the field.
  if (document.activeElement instanceof HTMLElement && document.activeElement.closest(".cv-drawer")) document.activeElement.blur();
  store.openDrawer(null);
  // What the drawer covered can take the focus when it is drawn again.
  requestAnimationFrame(() => placeOf(CSS.escape(open))?.focus());
}

const placeOf = (id: string): HTMLElement | null => document.querySelector(`[data-row="${id}"], .react-flow__node[data-id="${id}"]`);
