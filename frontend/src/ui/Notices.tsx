import { useEffect, useRef } from "react";
import { useStore, useWatched } from "./context";
import { Icon } from "./Icon";

const SECONDS = { info: 2.5, bad: 6 };

/** What just happened, for eyes and for screen readers. */
export function Notices() {
  const store = useStore();
  const { notice } = useWatched();
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(store.hush, SECONDS[notice.tone] * 1000);
    return () => clearTimeout(timer);
  }, [notice, store]);
  const place = useRef<HTMLDivElement>(null);
  // What is shown last lies on top, above a dialog that is open too.
  useEffect(() => {
    if (!notice) return;
    place.current?.hidePopover();
    place.current?.showPopover();
  }, [notice]);
  return (
    <div className="cv-notices" role="status" aria-live="polite" popover="manual" ref={place}>
      {notice && (
        <p key={notice.number} className={notice.tone}>
          <Icon name={notice.tone === "bad" ? "block" : "check"} />
          {notice.text}
        </p>
      )}
    </div>
  );
}
