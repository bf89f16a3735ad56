import { useEffect, useRef } from "react";
import { FormLink } from "../drawer/FormLink";
import { useStore, useWatched } from "../ui/context";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { useDesk } from "./desk";
import { Layer } from "./Layer";
import { number, t } from "./messages";
import { RuleEditor } from "./RuleEditor";
import { SidePanel } from "./SidePanel";
import { Summary } from "./Summary";
import type { Opened } from "./useRule";

/** The same conditions with all the room there is, beside whom they find and the SQL they mean. */
export function FullDialog({ name, about, goal, isPlaced, onClose }: Opened & { name: string; onClose: () => void }) {
  const store = useStore();
  const { history } = useWatched();
  const { isOff } = useDesk();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.querySelector<HTMLElement>(".rb-main :is(.rb-handle, .rb-add)")?.focus();
  }, []);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!isUndo || event.defaultPrevented || isTypedInto(event.target)) return;
    event.preventDefault();
    if (event.shiftKey) store.redo();
    else store.undo();
  };
  return (
    <Layer title={name} onClose={onClose} className="rb-full">
      <div className="rb-frame" ref={frame} onKeyDown={onKeyDown}>
        <main className="rb-main">
          {!isOff && (
            <div className="rb-tools">
              <button type="button" className="cv-button small" disabled={history.past.length === 0} onClick={store.undo}>
                <Icon name="undo" />
                {t.undo}
              </button>
              <button type="button" className="cv-button small" disabled={history.future.length === 0} onClick={store.redo}>
                <Icon name="redo" />
                {t.redo}
              </button>
              <p className="cv-quiet rb-keys">{t.keysHelp}</p>
            </div>
          )}
          <RuleEditor about={about} goal={goal} isPlaced={isPlaced} />
        </main>
        <aside className="rb-side" aria-label={t.result}>
          <Summary about={about} />
          <SidePanel about={about} />
        </aside>
      </div>
      <footer className="rb-foot">
        <FormLink label={t.openForm} />
        <Total about={about} />
        <button type="button" className="cv-button primary" onClick={onClose}>
          {t.done}
        </button>
      </footer>
    </Layer>
  );
}

/** On a phone the result lies below the conditions; its number is seen all the same. */
function Total({ about }: { about: About }) {
  const { evaluation, library } = useDesk();
  const rows = library.table(about.table)?.label ?? t.rows;
  return <span className="rb-foot-total">{evaluation.total === null ? "" : t.countOf(number(evaluation.total), rows)}</span>;
}

const isTypedInto = (target: EventTarget): boolean => target instanceof Element && target.matches("input:not([type=checkbox]), textarea");
