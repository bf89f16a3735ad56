// Leaving what was opened in a run: the focus goes back to where it was opened.
import type { Opened, Stage } from "./stage";

export function closeOpened(stage: Stage): void {
  const { open } = stage.state;
  stage.open(null);
  if (open) requestAnimationFrame(() => placeOf(open)?.focus());
}

/** What the drawer covered can take the focus when it is drawn again. */
function placeOf(open: Opened): HTMLElement | null {
  const key = CSS.escape(open.is === "activity" ? open.id : `${open.from} ${open.port} ${open.to}`.trim());
  return document.querySelector(`[data-key="${key}"], .react-flow__renderer [data-id="${key}"]`);
}
