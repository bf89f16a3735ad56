// The editor of an e-mail: what is written on one side, how one real person gets it on the other.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Problem } from "../api/client";
import type { Change } from "../drawer/Field";
import type { Findings } from "../drawer/problems";
import { below, own } from "../drawer/problems";
import { useStore } from "../ui/context";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { SaveMark } from "../ui/SaveMark";
import type { Spot } from "./api";
import { language, placeOf } from "./api";
import type { Hand } from "./CodeEditor";
import type { FieldName, Written } from "./content";
import { FIELDS, isBody, withBody, withText } from "./content";
import { c } from "./messages";
import type { Vocabulary } from "./names";
import { NO_WORDS, vocabularyOf } from "./names";
import { PreviewPane } from "./PreviewPane";
import { usePreview } from "./preview";
import { WritePane } from "./WritePane";

interface Props {
  readonly content: Written;
  readonly place: string;
  readonly findings: Findings;
  readonly isOff: boolean;
  readonly spot: Spot;
  readonly onChange: Change;
  readonly onClose: () => void;
}

type Side = "write" | "preview";
export type Part = "message" | "text";

export default function ContentEditor({ content, place, findings, isOff, spot, onChange, onClose }: Props) {
  const store = useStore();
  const words = useWords(spot);
  const [side, setSide] = useState<Side>("write");
  const [part, setPart] = useState<Part>("message");
  const [recipient, setRecipient] = useState("");
  const hands = useRef(new Map<FieldName, Hand>());
  const wanted = useRef<{ field: FieldName; line: number } | null>(null);
  const previewed = usePreview(spot, content, recipient);
  const problems = useProblems(findings);
  const change = (field: FieldName, text: string) =>
    onChange(isBody(field) ? withBody(content, text) : withText(content, field, text), `${place}/${isBody(field) ? "body" : field}`);

  useEffect(() => {
    const goal = wanted.current;
    wanted.current = null;
    if (goal) hands.current.get(goal.field)?.goTo(goal.line);
  });
  const goTo = (field: FieldName, line: number) => {
    wanted.current = { field, line };
    setSide("write");
    const goal = partOf(field);
    if (goal) setPart(goal);
    const isThere = side === "write" && (goal === null || goal === part);
    if (isThere) {
      wanted.current = null;
      hands.current.get(field)?.goTo(line);
    }
  };

  return (
    <Dialog title={c.title(store.titleOf(spot.activity))} onClose={onClose} className="ct-dialog">
      <div className="ct-bar">
        <div className="cv-switch ct-sides" role="group" aria-label={c.panes}>
          {(["write", "preview"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={side === each} onClick={() => setSide(each)}>
              <Icon name={each === "write" ? "edit" : "visibility"} />
              {c[each]}
            </button>
          ))}
        </div>
        <span className="cv-space" />
        <SaveMark />
        <button type="button" className="cv-button primary" onClick={onClose}>
          {c.done}
        </button>
      </div>
      <div className="ct-panes" data-side={side}>
        <WritePane {...{ content, isOff, words, problems, part, hands, goTo, previewed }} onPart={setPart} onChange={change} />
        <PreviewPane {...{ content, spot, previewed, recipient, goTo, problems }} onRecipient={setRecipient} />
      </div>
    </Dialog>
  );
}

const partOf = (field: FieldName): Part | null => (isBody(field) ? "message" : field === "text" ? "text" : null);

export type Found = { readonly [field in FieldName]: readonly Problem[] } & { readonly around: readonly Problem[] };

/** By field; what belongs to none of them stays around. The same list as long as it says the same. */
function useProblems(findings: Findings): Found {
  const key = JSON.stringify(findings);
  return useMemo(() => {
    const of = (field: FieldName) => below(findings, field).map(({ problem }) => problem);
    return { subject: of("subject"), preheader: of("preheader"), from_name: of("from_name"), html: of("html"), mjml: of("mjml"), text: of("text"), around: own(findings, FIELDS) };
  }, [key]);
}

/** What may be named here; without an answer one writes without completion. */
function useWords(spot: Spot): Vocabulary {
  const { client } = useStore();
  const [words, setWords] = useState(NO_WORDS);
  useEffect(() => {
    const own = new AbortController();
    const place = placeOf(client, spot, own.signal).catch(() => null);
    Promise.all([place, language(client, own.signal)]).then(
      ([found, known]) => !own.signal.aborted && setWords(vocabularyOf(found, known)),
      () => undefined,
    );
    return () => own.abort();
  }, [client, spot.activity]);
  return words;
}
