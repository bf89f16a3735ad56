// What keys do to the condition that has the focus. Those with Alt work from within its fields too.
import type { Desk } from "./desk";
import type { Edited, Path } from "./tree";
import { duplicated, indented, movedBy, outdented, removed, wrapped } from "./tree";

export type Act = "up" | "down" | "in" | "out" | "duplicate" | "wrap" | "remove";

const ACTS: { readonly [act in Act]: (desk: Desk, path: Path) => Edited } = {
  up: ({ root }, path) => movedBy(root, path, -1),
  down: ({ root }, path) => movedBy(root, path, 1),
  in: ({ root }, path) => indented(root, path),
  out: ({ root }, path) => outdented(root, path),
  duplicate: ({ root }, path) => duplicated(root, path),
  wrap: ({ root }, path) => wrapped(root, path),
  remove: ({ root }, path) => removed(root, path),
};

export const act = (desk: Desk, path: Path, what: Act): void => desk.edit(ACTS[what](desk, path), "handle");

const WITH_ALT: { readonly [key: string]: Act } = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const ON_HANDLE: { readonly [key: string]: Act } = { Delete: "remove", Backspace: "remove", d: "duplicate", g: "wrap" };

export function actOn(event: React.KeyboardEvent, desk: Desk, path: Path): boolean {
  if (desk.isOff || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return false;
  const isHandle = (event.target as HTMLElement).classList.contains("rb-handle");
  if (isHandle && !event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) return step(event.target as HTMLElement, event.key === "ArrowDown" ? 1 : -1);
  if (event.altKey && isItsOwn(event)) return false;
  const what = event.altKey ? WITH_ALT[event.key] : isHandle ? ON_HANDLE[event.key] : undefined;
  if (what) act(desk, path, what);
  return what !== undefined;
}

/** Alt opens a list of choices by an arrow up or down, and moves by words in a text. */
function isItsOwn({ target, key }: React.KeyboardEvent): boolean {
  const isAcross = key === "ArrowLeft" || key === "ArrowRight";
  return isAcross ? (target as HTMLElement).matches("input, textarea") : (target as HTMLElement).matches("select");
}

/** From handle to handle, in the order they are read. */
function step(from: HTMLElement, by: 1 | -1): boolean {
  const handles = [...(from.closest(".rb-editor")?.querySelectorAll<HTMLElement>(".rb-handle") ?? [])];
  handles[handles.indexOf(from) + by]?.focus();
  return true;
}
