import { useState } from "react";
import { t } from "../messages";
import { activityOf } from "../model/document";
import { useStore } from "./context";

/** The label, edited where it stands: Enter takes it over, Escape leaves it as it was. */
export function TitleInput({ id, title }: { id: string; title: string }) {
  const store = useStore();
  const [label, setLabel] = useState(activityOf(store.document, id)?.label ?? "");
  return (
    <input
      autoFocus
      className="cv-title-input nodrag nopan"
      aria-label={t.rename}
      value={label}
      placeholder={title}
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setLabel(event.target.value)}
      onBlur={() => store.state.renaming === id && store.rename(id, label)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") store.rename(id, label);
        if (event.key === "Escape") store.startRenaming(null);
      }}
    />
  );
}
