import { useEffect, useRef, useState } from "react";
import { Refused } from "../api/client";
import { newKey } from "../api/keys";
import { callOff } from "../api/questions";
import type { Json } from "../model/document";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import type { Distribution } from "./api";
import { distributed } from "./api";
import { useDesk } from "./desk";
import { YOUNG } from "./evaluating";
import { Layer } from "./Layer";
import { number, t } from "./messages";
import { textOf } from "./operands";

interface Props {
  readonly about: About;
  readonly attribute: Json;
  /** The values of a list that are chosen already; null where one value is chosen. */
  readonly chosen: readonly Json[] | null;
  readonly onChoose: (value: Json) => void;
  readonly onClose: () => void;
}

const PAUSE = 300;

/** The twenty commonest values in the data with their share, and a search for others. */
export function ValuesDialog({ about, attribute, chosen, onChoose, onClose }: Props) {
  const [search, setSearch] = useState("");
  const { found, wrong, isAsking } = useDistribution(about, attribute, search);
  const isChosen = (value: Json) => chosen?.some((each) => textOf(each) === textOf(value)) ?? false;
  const most = Math.max(1, ...(found?.values ?? []).map(({ count }) => count));
  return (
    <Layer title={t.showValues} onClose={onClose} className="cv-chooser rb-values">
      <div className="cv-search">
        <Icon name="search" />
        <input autoFocus type="text" aria-label={t.searchValues} placeholder={t.searchValues} value={search} onChange={(event) => setSearch(event.target.value)} />
      </div>
      <div className="rb-values-list" aria-busy={isAsking}>
        <p className={found?.partial ? "rb-notice" : "cv-hidden"} role="status">
          {isAsking ? t.asking : (found?.notice ?? "")}
        </p>
        {wrong && (
          <p className="rb-notice" role="alert">
            {wrong}
          </p>
        )}
        {found && found.values.length === 0 && <p className="cv-quiet cv-pad">{t.nothingFound}</p>}
        <ul>
          {found?.values.map(({ value, label, count, percent }, index) => (
            <li key={index}>
              <button
                type="button"
                disabled={value === null}
                aria-pressed={chosen ? isChosen(value) : undefined}
                className={isChosen(value) ? "is-chosen" : ""}
                onClick={() => onChoose(value)}
              >
                {chosen && <Icon name={isChosen(value) ? "check_box" : "check_box_outline_blank"} />}
                <span className="rb-value">{value === null ? t.emptyValue : label || textOf(value)}</span>
                <meter min={0} max={most} value={count} aria-hidden="true" />
                <span className="rb-share">
                  {number(count)} · {Number(percent).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} %
                </span>
              </button>
            </li>
          ))}
        </ul>
        {found?.more && <p className="cv-quiet cv-pad">{t.moreValues}</p>}
      </div>
    </Layer>
  );
}

function useDistribution(about: About, attribute: Json, search: string) {
  const { client, askedOf } = useDesk();
  const [found, setFound] = useState<Distribution | null>(null);
  const [wrong, setWrong] = useState("");
  const [isAsking, setAsking] = useState(true);
  const of = useRef(askedOf(about));
  const key = JSON.stringify(attribute);
  useEffect(() => {
    const own = new AbortController();
    const question = newKey();
    let asked = 0;
    setAsking(true);
    const timer = setTimeout(
      () => {
        asked = Date.now();
        distributed(client, of.current, attribute, search.trim(), question, own.signal).then(
          (next) => {
            setFound(next);
            setWrong("");
            setAsking(false);
            asked = 0;
          },
          (error: unknown) => {
            asked = own.signal.aborted ? asked : 0;
            if (own.signal.aborted) return;
            setWrong(error instanceof Refused ? error.message : t.noAnswer);
            setAsking(false);
          },
        );
      },
      search ? PAUSE : 0,
    );
    return () => {
      clearTimeout(timer);
      own.abort();
      if (asked && Date.now() - asked > YOUNG) callOff(client, question);
    };
    // The key is the attribute.
  }, [client, key, search]);
  return { found, wrong, isAsking };
}
