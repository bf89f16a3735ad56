import { useState } from "react";
import { t } from "../messages";
import { canonicalText } from "../model/canonical";
import type { CampaignDocument } from "../model/document";
import type { Left } from "../saving/keeper";
import { useStore, useWatched } from "./context";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

/** What earlier visits could not save and what does not come back by itself, one after the other. */
export function LeftEdits() {
  const { left } = useWatched();
  const [first] = left;
  return first ? <LeftEdit key={first.key} left={first} /> : null;
}

function LeftEdit({ left }: { left: Left }) {
  const store = useStore();
  const [isAsking, setAsking] = useState(false);
  const when = new Date(left.kept.at).toLocaleString(store.told.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <section className="cv-trouble warn" aria-label={t.unsaved}>
      <Icon name="history" />
      <span>{store.mayEdit ? t.left(when) : t.leftClosed(when)}</span>
      {store.mayEdit && (
        <button type="button" className="cv-button small" onClick={() => void store.bringBack(left)}>
          {t.bringBack}
        </button>
      )}
      <button type="button" className="cv-button small" title={t.downloadHelp} onClick={() => download(left.kept.document)}>
        {t.download}
      </button>
      <button type="button" className="cv-button small" aria-haspopup="dialog" onClick={() => setAsking(true)}>
        {t.discard}
      </button>
      {isAsking && <Discard onDiscard={() => store.discard(left)} onClose={() => setAsking(false)} />}
    </section>
  );
}

const Discard = ({ onDiscard, onClose }: { onDiscard: () => void; onClose: () => void }) => (
  <Dialog title={t.discardTitle} onClose={onClose} className="cv-confirm">
    <div className="cv-dialog-body">
      <p>{t.discardHelp}</p>
    </div>
    <footer className="cv-dialog-acts">
      <button type="button" className="cv-button" autoFocus onClick={onClose}>
        {t.cancel}
      </button>
      <button type="button" className="cv-button danger" onClick={onDiscard}>
        {t.discard}
      </button>
    </footer>
  </Dialog>
);

/** As a campaign file. */
function download(document: CampaignDocument): void {
  const url = URL.createObjectURL(new Blob([canonicalText(document)], { type: "application/json" }));
  const link = Object.assign(window.document.createElement("a"), { href: url, download: `${document.campaign.slug}.json` });
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
