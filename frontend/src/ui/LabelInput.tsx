import { useState } from "react";
import { LONGEST_LABEL } from "../store";
import { useStore } from "./context";

interface Props {
  /** The key of what is named so: an activity or a transition. */
  readonly of: string;
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
}

/** A label, edited where it stands: Enter takes it over, Escape leaves it as it was. */
export function LabelInput({ of, name, label: before, placeholder }: Props) {
  const store = useStore();
  const [label, setLabel] = useState(before);
  return (
    <input
      autoFocus
      className="cv-title-input nodrag nopan"
      aria-label={name}
      value={label}
      placeholder={placeholder}
      maxLength={LONGEST_LABEL}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setLabel(event.target.value)}
      onBlur={() => store.state.renaming === of && store.rename(of, label)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing || !ENDING.has(event.key)) return;
        if (event.key === "Enter") store.rename(of, label);
        else store.startRenaming(null);
        focusAgain(of);
      }}
    />
  );
}

const ENDING = new Set(["Enter", "Escape"]);

/** The keys go on where they began. */
export function focusAgain(key: string): void {
  const name = CSS.escape(key);
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-key="${name}"], .react-flow__node[data-id="${name}"], .react-flow__edge[data-id="${name}"]`)?.focus());
}
