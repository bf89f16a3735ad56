import { t } from "../messages";
import type { Store } from "../store";
import { useStore, useWatched } from "./context";
import { Dialog } from "./Dialog";

/** Pages of the server show what is saved: whoever goes there waits for that. Where it cannot be saved, they decide. */
export async function goTo(store: Store, href: string): Promise<void> {
  if (await store.mayLeaveFor(href)) window.location.assign(href);
}

/** Why a link does not lead on by itself, and what becomes of the edits if it is followed all the same. */
export function Leaving() {
  const store = useStore();
  const { leaving, saving } = useWatched();
  if (leaving === null) return null;
  return (
    <Dialog title={t.leavingTitle} onClose={store.stay} className="cv-confirm">
      <div className="cv-dialog-body">
        <p>
          {t.leavingWhy[saving.is]} {saving.is === "refused" && saving.message}
        </p>
        <p>{store.isKept ? t.leavingKept : t.leavingLost}</p>
      </div>
      <footer className="cv-dialog-acts">
        <button type="button" className="cv-button" onClick={() => window.location.assign(leaving)}>
          {t.leave}
        </button>
        <button type="button" className="cv-button primary" autoFocus onClick={store.stay}>
          {t.stay}
        </button>
      </footer>
    </Dialog>
  );
}
