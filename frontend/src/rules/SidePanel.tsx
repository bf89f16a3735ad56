import { useEffect, useId, useState } from "react";
import { Refused } from "../api/client";
import type { Json } from "../model/document";
import { writeJson } from "../model/json";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import type { Attribute, Plan, Preview } from "./api";
import { planned, previewed } from "./api";
import { useDesk } from "./desk";
import { number, t } from "./messages";
import type { Offer } from "./offers";
import { attributesOf } from "./offers";
import { Picker } from "./Picker";

type Tab = "people" | "sql";

export function SidePanel({ about }: { about: About }) {
  const [tab, setTab] = useState<Tab>("people");
  const id = useId();
  const tabs: readonly Tab[] = ["people", "sql"];
  return (
    <div className="rb-panel">
      <div className="cv-switch" role="tablist" aria-label={t.result}>
        {tabs.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`${id}-${each}`}
            aria-selected={tab === each}
            aria-controls={`${id}-panel`}
            tabIndex={tab === each ? 0 : -1}
            onClick={() => setTab(each)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
              const other = each === "people" ? "sql" : "people";
              setTab(other);
              document.getElementById(`${id}-${other}`)?.focus();
            }}
          >
            {t.tabs[each]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {tab === "people" ? <PeoplePanel about={about} /> : <SqlPanel about={about} />}
      </div>
    </div>
  );
}

/** An answer about the finished part of the rule, asked for again as that changes. */
function useAnswer<T>(about: About, ask: (rule: Json, signal: AbortSignal) => Promise<T>, more: string) {
  const { evaluation } = useDesk();
  const { part } = evaluation;
  const [answer, setAnswer] = useState<T | null>(null);
  const [wrong, setWrong] = useState("");
  const isReady = about.table !== "" && !about.table.startsWith("@") && (evaluation.state === "counted" || evaluation.state === "counting");
  const key = writeJson([about.table, part, more]);
  useEffect(() => {
    if (!isReady) return undefined;
    const own = new AbortController();
    ask(part, own.signal).then(
      (next) => {
        setAnswer(next);
        setWrong("");
      },
      (error: unknown) => {
        if (!own.signal.aborted) setWrong(error instanceof Refused ? error.message : t.noAnswer);
      },
    );
    return () => own.abort();
    // The key holds all that is asked.
  }, [key, isReady]);
  return { answer, wrong };
}

function PeoplePanel({ about }: { about: About }) {
  const { client, askedOf, library, evaluation } = useDesk();
  const [shown, setShown] = useState<readonly Attribute[]>([]);
  const [isOpen, setOpen] = useState(false);
  const [after, setAfter] = useState<readonly string[]>([]);
  const names = shown.map(({ name }) => name);
  const page = after.at(-1) ?? null;
  const { answer, wrong } = useAnswer<Preview>(about, (rule, signal) => previewed(client, askedOf(about), rule, names, page, signal), writeJson([names, page]));
  const offers: Offer<Attribute>[] = attributesOf(about, library).filter(({ value }) => !value.name.startsWith("@") && !names.includes(value.name));
  const add = ({ value }: Offer<Attribute>) => {
    setOpen(false);
    const first = shown.length === 0 ? firstColumns(answer, offers) : shown;
    setShown([...first, value]);
    setAfter([]);
  };
  if (evaluation.state === "needs_a_run") return <p className="cv-quiet cv-pad">{t.needsRun}</p>;
  return (
    <>
      <div className="rb-panel-tools">
        <button type="button" className="cv-button small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <Icon name="view_column" />
          {t.addColumn}
        </button>
        {shown.length > 0 && (
          <button type="button" className="cv-button small" onClick={() => setShown([])}>
            {t.usualColumns}
          </button>
        )}
      </div>
      {wrong && (
        <p className="rb-notice" role="alert">
          {wrong}
        </p>
      )}
      {answer && <Rows preview={answer} onRemove={shown.length > 1 ? (index) => setShown(shown.filter((_, at) => at !== index)) : null} />}
      {answer && (after.length > 0 || answer.next) && (
        <div className="rb-panel-tools">
          <button type="button" className="cv-button small" disabled={after.length === 0} onClick={() => setAfter(after.slice(0, -1))}>
            {t.before}
          </button>
          <button type="button" className="cv-button small" disabled={!answer.next} onClick={() => answer.next && setAfter([...after, answer.next])}>
            {t.further}
          </button>
        </div>
      )}
      {isOpen && <Picker title={t.addColumn} hint={t.attributeHint} offers={offers} onChoose={add} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Those that are shown already, so that a chosen one comes beside them. */
const firstColumns = (preview: Preview | null, offers: readonly Offer<Attribute>[]): Attribute[] =>
  (preview?.columns ?? []).flatMap(({ name }) => offers.find(({ value }) => value.name === name)?.value ?? []);

function Rows({ preview, onRemove }: { preview: Preview; onRemove: ((index: number) => void) | null }) {
  if (preview.rows.length === 0) return <p className="cv-quiet cv-pad">{t.nobodyFound}</p>;
  return (
    <div className="rb-table" tabIndex={0} role="region" aria-label={t.tabs.people}>
      <table>
        <thead>
          <tr>
            {preview.columns.map(({ name, label }, index) => (
              <th key={name} scope="col" title={name}>
                {label}
                {onRemove && (
                  <button type="button" className="cv-icon-button small" aria-label={t.removeColumn(label)} title={t.removeColumn(label)} onClick={() => onRemove(index)}>
                    <Icon name="close" />
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} className={cell === null ? "is-empty" : ""}>
                  {cell ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SqlPanel({ about }: { about: About }) {
  const { client, askedOf, evaluation } = useDesk();
  const { answer, wrong } = useAnswer<Plan>(about, (rule, signal) => planned(client, askedOf(about), rule, signal), "plan");
  const sql = answer?.sql ?? evaluation.sql;
  return (
    <>
      {evaluation.state === "needs_a_run" && <p className="cv-quiet cv-pad">{t.needsRun}</p>}
      {wrong && (
        <p className="rb-notice" role="alert">
          {wrong}
        </p>
      )}
      {answer && (
        <>
          <ul className="rb-plan">
            {answer.summary.map((line, index) => (
              <li key={index}>{line}</li>
            ))}
          </ul>
          <p className="cv-quiet">{t.estimated(number(answer.rows))}</p>
        </>
      )}
      {sql && (
        <pre className="cv-code rb-sql" tabIndex={0} aria-label={t.tabs.sql}>
          {sql}
        </pre>
      )}
    </>
  );
}
