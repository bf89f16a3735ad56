import { useState } from "react";
import { t } from "../messages";
import { LONGEST_NOTE } from "../model/notes";
import { useStore } from "./context";
import { focusAgain } from "./LabelInput";

/** The text of a note. It is kept letter by letter; Escape or a click elsewhere ends the writing. */
export function NoteInput({ of, text }: { of: string; text: string }) {
  const store = useStore();
  const [typed, setTyped] = useState(text);
  return (
    <textarea
      autoFocus
      className="cv-note-input nodrag nopan nowheel"
      aria-label={t.note}
      placeholder={t.notePlaceholder}
      value={typed}
      maxLength={LONGEST_NOTE}
      onChange={(event) => {
        setTyped(event.target.value);
        store.writeNote(of, event.target.value);
      }}
      onBlur={() => store.endNote(of)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        const isDone = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
        if (event.nativeEvent.isComposing || !isDone) return;
        event.preventDefault();
        store.endNote(of);
        focusAgain(of);
      }}
    />
  );
}
