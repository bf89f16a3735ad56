import { useMemo, useState } from "react";
import { t } from "../messages";
import { Dialog } from "./Dialog";
import type { Entry } from "./SearchList";
import { SearchList, matching } from "./SearchList";

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly options: readonly Entry[];
  readonly empty?: string;
  readonly onChoose: (key: string) => void;
  readonly onClose: () => void;
}

/** One of a list that is here already. */
export function Chooser({ title, hint, options, empty = t.nothingFound, onChoose, onClose }: Props) {
  const [words, setWords] = useState("");
  const found = useMemo(() => matching(options, words), [options, words]);
  return (
    <Dialog title={title} onClose={onClose} className="cv-chooser">
      <SearchList
        {...{ title, hint, words, found, empty }}
        onWords={setWords}
        isGrouped={words.trim() === ""}
        onChoose={({ key }) => onChoose(key)}
      />
    </Dialog>
  );
}
