import { t } from "../messages";
import { Alignments } from "./Alignments";
import { useStore, useWatched } from "./context";
import { useAsk } from "./dialogs";
import { Icon } from "./Icon";
import { ProblemsButton } from "./Problems";
import { ToolButton } from "./ToolButton";

export function ToolBar() {
  const store = useStore();
  const { history, view } = useWatched();
  const ask = useAsk();
  const cannot = !store.mayEdit;
  return (
    <div className="cv-tools" role="toolbar" aria-label={t.view}>
      <div className="cv-switch" role="group" aria-label={t.view}>
        <button type="button" aria-pressed={view === "canvas"} onClick={() => store.show("canvas")}>
          <Icon name="schema" />
          <span>{t.canvas}</span>
        </button>
        <button type="button" aria-pressed={view === "outline"} onClick={() => store.show("outline")}>
          <Icon name="format_list_bulleted" />
          <span>{t.outline}</span>
        </button>
      </div>
      {!cannot && (
        <button
          type="button"
          className="cv-button"
          aria-keyshortcuts="A"
          onClick={() => ask({ ask: "kind", spot: store.spotBySelection(), title: t.addActivity })}
        >
          <Icon name="add" />
          <span>{t.add}</span>
        </button>
      )}
      <ToolButton icon="undo" label={t.undo} keys="Ctrl+Z" isOff={cannot || history.past.length === 0} onClick={store.undo} />
      <ToolButton icon="redo" label={t.redo} keys="Ctrl+Shift+Z" isOff={cannot || history.future.length === 0} onClick={store.redo} />
      <ToolButton
        icon="delete"
        label={t.remove}
        keys="Delete"
        isOff={cannot || store.chosen.size === 0}
        onClick={store.removeSelected}
      />
      <ToolButton icon="account_tree" label={t.arrange} isOff={cannot} onClick={store.arrange} />
      <ToolButton icon="sticky_note_2" label={t.addNote} keys="N" isOff={cannot} onClick={store.addNote} />
      <Alignments />
      <ToolButton icon="search" label={t.find} keys="Ctrl+F" onClick={() => ask({ ask: "activity" })} />
      <ToolButton icon="keyboard" label={t.shortcuts} keys="?" onClick={() => ask({ ask: "keys" })} />
      <span className="cv-space" />
      <ProblemsButton />
    </div>
  );
}
