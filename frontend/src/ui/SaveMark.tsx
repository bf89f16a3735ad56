import { t } from "../messages";
import type { SaveState } from "../saving/saver";
import { useStore, useWatched } from "./context";
import { Icon } from "./Icon";

const SHOWN: { readonly [is in SaveState["is"]]: { readonly icon: string; readonly words: string; readonly tone: string } } = {
  saved: { icon: "cloud_done", words: t.saved, tone: "good" },
  unsaved: { icon: "edit", words: t.unsaved, tone: "" },
  saving: { icon: "sync", words: t.saving, tone: "" },
  offline: { icon: "cloud_off", words: t.offlineShort, tone: "warn" },
  signed_out: { icon: "lock", words: t.signedOutShort, tone: "warn" },
  other_user: { icon: "person_alert", words: t.otherUserShort, tone: "warn" },
  refused: { icon: "error", words: t.refused, tone: "bad" },
  conflict: { icon: "group", words: t.conflictShort, tone: "warn" },
};

export function SaveMark() {
  const store = useStore();
  const { saving } = useWatched();
  if (!store.mayEdit) {
    return (
      <span className="cv-save" title={t.readOnlyHelp}>
        <Icon name="lock" />
        <span>{t.readOnly}</span>
      </span>
    );
  }
  const { icon, words, tone } = SHOWN[saving.is];
  return (
    <span className={`cv-save ${tone}`} data-saving={saving.is} role="status" title={words}>
      <Icon name={icon} />
      <span>{words}</span>
    </span>
  );
}

/** What keeps changes from being saved, in a sentence. */
export function SaveTrouble() {
  const { saving } = useWatched();
  const store = useStore();
  const words = troubleIn(saving);
  if (!words) return null;
  return (
    <div className={`cv-trouble ${saving.is === "refused" ? "bad" : "warn"}`} role="alert">
      <Icon name={SHOWN[saving.is].icon} />
      <span>{words}</span>
      {(saving.is === "signed_out" || saving.is === "other_user") && (
        <a className="cv-button small" href={store.told.flow} target="_blank" rel="noreferrer">
          {t.signIn}
        </a>
      )}
      <button type="button" className="cv-button small" onClick={() => void store.flush()}>
        {t.tryAgain}
      </button>
    </div>
  );
}

function troubleIn(saving: SaveState): string {
  if (saving.is === "offline") return t.offline;
  if (saving.is === "signed_out") return t.signedOut;
  if (saving.is === "other_user") return `${saving.message} ${t.otherUserHelp}`;
  return saving.is === "refused" ? saving.message : "";
}
