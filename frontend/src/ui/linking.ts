// The address names the activity that is open, so that a colleague can be sent to it, and opens the one it is made to name.
import { useEffect } from "react";
import { t } from "../messages";
import type { Store } from "../store";

export function useDeepLink(store: Store, open: string | null): void {
  useEffect(() => name(open), [open]);
  useEffect(() => {
    const follow = () => {
      arrive(store);
      name(store.state.open);
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [store]);
}

function name(open: string | null): void {
  const { pathname, search } = window.location;
  window.history.replaceState(null, "", open === null ? pathname + search : `#${open}`);
}

/** What somebody is in the midst of in a dialog would be closed with the drawer below it. */
function arrive(store: Store): void {
  if (document.querySelector("dialog[open]")) {
    store.notify(t.closeDialogFirst, "bad");
    return;
  }
  // What follows from leaving a field must not be lost with the field.
  if (document.activeElement instanceof HTMLElement && document.activeElement.closest(".cv-drawer")) document.activeElement.blur();
  store.follow(window.location.hash);
}
