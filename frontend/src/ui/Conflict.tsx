import { useState } from "react";
import { t } from "../messages";
import type { Json, Note } from "../model/document";
import { activityOf } from "../model/document";
import type { Leaf } from "../model/leaves";
import { differing } from "../model/leaves";
import { kindOf } from "../model/kinds";
import { beginning } from "../model/notes";
import { Schema, titlesAt } from "../model/schema";
import { writeJson } from "../model/json";
import type { Comparison, Side } from "../saving/merging";
import { keyOfPart } from "../saving/parts";
import { useStore, useWatched } from "./context";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

/** Both changes side by side; one click saves what was chosen. Closed, it can be opened again from the bar. */
export function Conflict() {
  const store = useStore();
  const { saving } = useWatched();
  const [sides, setSides] = useState<ReadonlyMap<string, Side>>(new Map());
  const [isClosed, setClosed] = useState(false);
  if (saving.is !== "conflict") return null;
  if (isClosed) return <ConflictBar onOpen={() => setClosed(false)} />;
  const parts = store.collisions();
  const resolve = () => {
    setSides(new Map());
    store.resolve(sides);
  };
  return (
    <Dialog title={t.conflictTitle} onClose={() => setClosed(true)} className="cv-conflict">
      <p className="cv-pad">{t.conflictHelp}</p>
      <ul className="cv-parts">
        {parts
          .filter(({ fate }) => fate === "both")
          .map((part) => (
            <PartChoice
              key={keyOfPart(part)}
              part={part}
              side={sides.get(keyOfPart(part)) ?? "mine"}
              onChoose={(side) => setSides(new Map(sides).set(keyOfPart(part), side))}
            />
          ))}
      </ul>
      <Undisputed parts={parts} />
      <footer>
        <button type="button" className="cv-button" onClick={() => setClosed(true)}>
          {t.decideLater}
        </button>
        <button type="button" className="cv-button primary" onClick={resolve}>
          {t.conflictSave}
        </button>
      </footer>
    </Dialog>
  );
}

const ConflictBar = ({ onOpen }: { onOpen: () => void }) => (
  <div className="cv-trouble warn" role="alert">
    <Icon name="group" />
    <span>{t.conflictTitle}</span>
    <button type="button" className="cv-button small" onClick={onOpen}>
      {t.decide}
    </button>
  </div>
);

/** What goes by itself, for whoever wants to know. */
function Undisputed({ parts }: { parts: readonly Comparison[] }) {
  const store = useStore();
  const others = parts.filter(({ fate }) => fate !== "both");
  if (others.length === 0) return null;
  return (
    <details className="cv-pad cv-undisputed">
      <summary>{t.undisputed(others.length)}</summary>
      <ul>
        {others.map((part) => (
          <li key={keyOfPart(part)}>
            {nameOf(store.titleOf.bind(store), part)} <span className="cv-quiet">{t.changedBy[part.fate]}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function nameOf(titleOf: (id: string) => string, part: Comparison): string {
  const { kind, name } = part;
  if (kind === "note") return `${t.part[kind]} ${startOf(part) || name}`;
  const words = kind === "transition" ? name.split(" → ").map((end) => titleOf(end.split(".")[0] ?? end)).join(" → ") : kind === "activity" ? titleOf(name) : name;
  return `${t.part[kind] ?? kind} ${words}`.trim();
}

/** How a note began before either changed it, or as one of them has it. */
function startOf({ base, theirs, mine }: Comparison): string {
  const note = (base ?? theirs ?? mine) as unknown as Note | null;
  return beginning(note?.text ?? "", 40);
}

interface ChoiceProps {
  readonly part: Comparison;
  readonly side: Side;
  readonly onChoose: (side: Side) => void;
}

function PartChoice({ part, side, onChoose }: ChoiceProps) {
  const store = useStore();
  const sides = [
    ["mine", t.conflictMine, part.mine],
    ["theirs", t.conflictTheirs, part.theirs],
  ] as const;
  return (
    <li className="both">
      <fieldset>
        <legend>
          <strong>{nameOf(store.titleOf.bind(store), part)}</strong>
        </legend>
        <div className="cv-sides">
          {sides.map(([value, label, content]) => (
            <label key={value} className={side === value ? "chosen" : ""}>
              <span>
                <input type="radio" name={keyOfPart(part)} checked={side === value} onChange={() => onChoose(value)} /> {label}
              </span>
              <Changed part={part} content={content} />
            </label>
          ))}
        </div>
      </fieldset>
    </li>
  );
}

/** What one side made of the part: each setting that differs from what both began with. */
function Changed({ part, content }: { part: Comparison; content: Json }) {
  const titles = useTitles(part);
  if (content === null) return <p className="cv-change">{t.notThere}</p>;
  const leaves = differing(part.base ?? {}, content);
  if (leaves.length === 0) return <p className="cv-change">{t.leftAsItWas}</p>;
  return (
    <dl className="cv-change">
      {leaves.slice(0, MOST_LEAVES).map((leaf) => (
        <LeafChange key={leaf.path.join("/")} leaf={leaf} title={titles(leaf.path)} />
      ))}
      {leaves.length > MOST_LEAVES && <dd className="cv-quiet">{t.andMore(leaves.length - MOST_LEAVES)}</dd>}
    </dl>
  );
}

const MOST_LEAVES = 12;

function useTitles(part: Comparison): (path: readonly string[]) => string {
  const { history, known, saving } = useWatched();
  const there = saving.is === "conflict" ? activityOf(saving.theirs.document, part.name) : undefined;
  const activity = part.kind === "activity" ? (activityOf(history.present, part.name) ?? there) : undefined;
  const settings = activity && kindOf(known, activity)?.settings;
  return ([first = "", ...rest]) => {
    if (first === "config" && settings) return titlesAt(new Schema(settings), settings, rest).join(" › ");
    return [t.member[first] ?? first, ...rest].join(" › ");
  };
}

const LeafChange = ({ leaf, title }: { leaf: Leaf; title: string }) => (
  <>
    <dt>{title}</dt>
    <dd>
      {leaf.before !== undefined && <del>{written(leaf.before)}</del>}
      {leaf.after === undefined ? <em>{t.takenOut}</em> : <ins>{written(leaf.after)}</ins>}
    </dd>
  </>
);

const LONGEST = 160;

function written(value: Json): string {
  const words = typeof value === "string" ? value : writeJson(value);
  return words.length > LONGEST ? `${words.slice(0, LONGEST)} …` : words;
}
