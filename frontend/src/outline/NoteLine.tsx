import { t } from "../messages";
import { beginning } from "../model/notes";
import { useStore, useWatched } from "../ui/context";
import { Icon } from "../ui/Icon";
import { NoteInput } from "../ui/NoteInput";
import type { RowProps } from "./Outline";
import { RowAct } from "./RowAct";
import type { NoteRow } from "./rows";

type Props = Omit<RowProps, "isOpen" | "row"> & { readonly row: NoteRow };

/** A note among the rows, read and written in full. */
export function NoteLine({ row, isCurrent, isSelected, onFocus, onClick, onAct }: Props) {
  const store = useStore();
  const { renaming } = useWatched();
  return (
    <div
      data-key={row.key}
      tabIndex={isCurrent ? 0 : -1}
      role="row"
      aria-selected={isSelected}
      className="cv-row cv-note-row"
      aria-label={`${t.note}: ${beginning(row.text) || t.noteEmpty}`}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
      onClick={onClick}
    >
      <div role="gridcell" className="cv-cell">
        <Icon name="sticky_note_2" />
        <span className="cv-row-words">
          {renaming === row.key ? <NoteInput of={row.key} text={row.text} /> : <span className="cv-note-words">{row.text || t.noteEmpty}</span>}
        </span>
        {store.mayEdit && (
          <span className="cv-row-acts">
            <RowAct icon="edit" label={t.writeNote} onClick={() => onAct("rename")} />
            <RowAct icon="delete" label={t.remove} onClick={() => onAct("delete")} />
          </span>
        )}
      </div>
    </div>
  );
}
