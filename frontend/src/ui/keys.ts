// Keys that work everywhere but where one types.
import { useEffect } from "react";
import { leaveDrawer } from "../drawer/leaving";
import { t } from "../messages";
import type { Store } from "../store";
import { aims, keyAt } from "./aiming";
import { alignmentOf } from "./Alignments";
import type { Asked } from "./dialogs";

/** Led to by nothing, so that any type may be chosen. */
export const APART: Asked = { ask: "kind", spot: { at: "free", place: null }, title: t.addApart };

const TYPED_INTO = "input, textarea, select, [contenteditable=true], dialog";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(TYPED_INTO) !== null;

function actOn(event: KeyboardEvent, store: Store, ask: (asked: Asked) => void): boolean {
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (isCommand) return command(key, event.shiftKey, store, ask);
  if (event.altKey) return false;
  const [only] = store.chosen;
  switch (event.key) {
    case "Delete":
    case "Backspace":
      if (!aims(event.target, store)) return false;
      store.removeSelected();
      return true;
    case "Escape":
      // The settings close themselves, and say where the focus goes then.
      if (event.target instanceof Element && event.target.closest(".cv-drawer")) return false;
      if (store.state.open !== null) leaveDrawer(store);
      else store.select([]);
      return true;
    case "F2":
      store.startRenaming(keyAt(event.target) ?? only ?? null);
      return true;
    case "n":
    case "N":
      store.addNote();
      return true;
    case "?":
      ask({ ask: "keys" });
      return true;
    case "o":
    case "O":
      store.show(store.state.view === "canvas" ? "outline" : "canvas");
      return true;
    case "a":
    case "A":
      if (store.mayEdit) ask(event.shiftKey ? APART : { ask: "kind", spot: store.spotBySelection(), title: t.addActivity });
      return true;
    default:
      return event.shiftKey && aligns(event.key, store);
  }
}

/** With Shift, so that a letter that slips moves nothing. */
function aligns(key: string, store: Store): boolean {
  const alignment = alignmentOf(key);
  if (!alignment || store.state.view !== "canvas" || !store.canAlign(alignment)) return false;
  store.align(alignment);
  return true;
}

function command(key: string, isShifted: boolean, store: Store, ask: (asked: Asked) => void): boolean {
  if (key === "z") {
    if (isShifted) store.redo();
    else store.undo();
  } else if (key === "y") store.redo();
  else if (key === "a") store.selectAll();
  else if (key === "f" || key === "k") ask({ ask: "activity" });
  else if (key === "s") void store.flush();
  else return false;
  return true;
}

export function useKeys(store: Store, ask: (asked: Asked) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
      if (actOn(event, store, ask)) event.preventDefault();
    };
    const onCopy = (event: ClipboardEvent) => {
      // A browser may say that the whole page is meant, whatever has the focus.
      const target = document.activeElement;
      if (isTyping(event.target) || isTyping(target) || document.getSelection()?.toString() || !aims(target, store)) return;
      const text = store.copied();
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") store.removeSelected();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isTyping(document.activeElement)) return;
      store.paste(event.clipboardData?.getData("text/plain") ?? "");
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [store, ask]);
}
