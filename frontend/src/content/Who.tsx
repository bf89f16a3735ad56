// Whom the e-mail is shown for.
import { useEffect, useState } from "react";
import { useStore } from "../ui/context";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import type { People, Person, Spot } from "./api";
import { people } from "./api";
import { c } from "./messages";

const PAUSE = 300;

export interface Who {
  readonly found: People | null;
  readonly isLate: boolean;
}

/** The first people of the place, or those that a search finds. */
export function usePeople(spot: Spot, search = ""): Who {
  const { client } = useStore();
  const [who, setWho] = useState<Who>({ found: null, isLate: false });
  useEffect(() => {
    const own = new AbortController();
    const ask = () =>
      people(client, spot, search, own.signal).then(
        (found) => setWho({ found, isLate: false }),
        () => !own.signal.aborted && setWho((last) => ({ ...last, isLate: true })),
      );
    const timer = setTimeout(() => void ask(), search ? PAUSE : 0);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
  }, [client, spot.activity, search]);
  return who;
}

const wordsOf = ({ key, words }: Person): string => words.slice(0, 2).join(", ") || key;

export function nameOf({ found }: Who, key: string): string {
  const person = found?.people.find((each) => each.key === key);
  return person ? wordsOf(person) : key || c.hiddenPerson;
}

interface Props {
  readonly who: Who;
  readonly spot: Spot;
  readonly recipient: string;
  /** The person that is shown now. */
  readonly key_: string | null;
  readonly onRecipient: (key: string) => void;
}

export function WhoBar({ who, spot, recipient, key_, onRecipient }: Props) {
  const [isChoosing, setChoosing] = useState(false);
  const listed = who.found?.people ?? [];
  const at = listed.findIndex(({ key }) => key === (recipient || key_));
  const step = (by: number) => {
    const next = listed[(at + by + listed.length) % listed.length];
    if (next) onRecipient(next.key);
  };
  return (
    <div className="ct-who" role="group" aria-label={c.forWhom}>
      <button type="button" className="cv-icon-button" aria-label={c.previous} title={c.previous} disabled={listed.length < 2} onClick={() => step(-1)}>
        <Icon name="chevron_left" />
      </button>
      <button type="button" className="cv-button small ct-person" aria-haspopup="dialog" title={c.choosePerson} disabled={listed.length === 0} onClick={() => setChoosing(true)}>
        <Icon name="person" />
        <span className="cv-hidden">{c.forWhom}: </span>
        <span>{key_ === null ? "—" : nameOf(who, key_)}</span>
      </button>
      <button type="button" className="cv-icon-button" aria-label={c.next} title={c.next} disabled={listed.length < 2} onClick={() => step(1)}>
        <Icon name="chevron_right" />
      </button>
      {isChoosing && (
        <PersonChooser
          spot={spot}
          chosen={key_}
          onClose={() => setChoosing(false)}
          onChoose={(key) => {
            setChoosing(false);
            onRecipient(key);
          }}
        />
      )}
    </div>
  );
}

function PersonChooser({ spot, chosen, onChoose, onClose }: { spot: Spot; chosen: string | null; onChoose: (key: string) => void; onClose: () => void }) {
  const [search, setSearch] = useState("");
  const { found, isLate } = usePeople(spot, search.trim());
  return (
    <Dialog title={c.choosePerson} onClose={onClose} className="cv-chooser">
      <div className="cv-search">
        <Icon name="search" />
        <input type="text" aria-label={c.chooseHint} placeholder={c.chooseHint} value={search} maxLength={200} onChange={(event) => setSearch(event.target.value)} />
      </div>
      {found && <p className="cv-help cv-pad">{found.run === null ? c.ofTable : c.ofRun(found.run)}</p>}
      {isLate && <p className="ct-trouble warn" role="alert">{c.unreachable}</p>}
      <ul className="cv-options ct-people">
        {(found?.people ?? []).map((person) => (
          <li key={person.key}>
            <button type="button" className="cv-option" aria-current={person.key === chosen} onClick={() => onChoose(person.key)}>
              <span className="cv-glyph">
                <Icon name="person" />
              </span>
              <span className="cv-option-words">
                <strong>{person.words[0] ?? person.key}</strong>
                <small>{[...person.words.slice(1), person.key].join(" · ")}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="cv-quiet cv-pad" role="status">
        {found && found.people.length === 0 ? c.noneFound : ""}
      </p>
    </Dialog>
  );
}
