// A rule of the settings, and what the server says of it: where it stands, whom it finds, what is wrong with it.
import { useEffect, useMemo, useRef, useState } from "react";
import type { DrawnProps } from "../drawer/Field";
import { orDefault, shown, useForm } from "../drawer/Field";
import type { CampaignDocument, Json } from "../model/document";
import { sameJson } from "../model/canonical";
import { activityOf } from "../model/document";
import { writeJson } from "../model/json";
import { useStore } from "../ui/context";
import type { About } from "./about";
import { NOBODY, aboutOf } from "./about";
import type { Asked, Place } from "./api";
import { placeKey } from "./api";
import type { Desk } from "./desk";
import type { Evaluation } from "./evaluating";
import { NOTHING, evaluate } from "./evaluating";
import { problemsByRow } from "./findings";
import type { Library } from "./library";
import { useLibrary } from "./library";
import type { Edited, Path } from "./tree";
import { pointer } from "./tree";

const EMPTY: Place = { dimension: "", table: "", label: "", attributes: [], incoming: [], dimensions: {}, variables: [], audiences: [] };
const PAUSE = 450;

export interface Opened {
  readonly desk: Desk;
  readonly about: About;
  readonly isPlaced: boolean;
  /** Where the focus goes after an edit; whoever shows the rule moves it there. */
  readonly goal: { readonly place: string; readonly part: "handle" | "form"; readonly number: number } | null;
}

export function useRule(props: DrawnProps): Opened {
  const { field, value, place: where, findings, onChange } = props;
  const store = useStore();
  const { client } = store;
  const { around, isOff } = useForm();
  const library = useLibrary(client);
  useEffect(() => library.open(), [library]);
  const place = usePlace(library, around.document, around.id);
  const config = activityOf(around.document, around.id)?.config ?? {};
  const root = shown(field, value);
  const about = useStable((place && aboutOf(field.node, config, where, place, library.table)) ?? NOBODY);
  const [goal, setGoal] = useState<Opened["goal"]>(null);
  const number = useRef(0);

  const askedOf = (of: About): Asked => ({
    table: of.table,
    columns: of.columns,
    campaign: store.told.slug,
    variables: around.document.variables,
  });
  const evaluation = useEvaluation(client, askedOf(about), root, place !== null);
  const problems = useMemo(() => problemsByRow(root, findings), [root, findings]);
  const write = (next: Json, mark: string) => onChange(orDefault(field, next), mark);
  const desk: Desk = {
    client,
    library,
    place: place ?? EMPTY,
    root,
    isOff,
    evaluation,
    problems,
    askedOf,
    edit: ({ rule, path }: Edited, part = "handle") => {
      number.current += 1;
      if (rule !== root) write(rule, `${where} step ${Date.now()} ${number.current}`);
      if (part !== "none") setGoal({ place: pointer(path), part, number: number.current });
    },
    notify: (text) => text && store.notify(text, "bad"),
    type: (path: Path, rule: Json) => write(rule, `${where}${pointer(path)}`),
  };
  return { desk, about, isPlaced: place !== null, goal };
}

/** Asked again only when something before the activity changes; until the answer is there the last one holds. */
function usePlace(library: Library, document: CampaignDocument, id: string): Place | null {
  const [place, setPlace] = useState<Place | null>(null);
  const key = placeKey(document, id);
  useEffect(() => {
    let isGone = false;
    let timer = setTimeout(() => void ask(), place ? PAUSE : 0);
    const ask = () =>
      library.place(document, id).then(
        (found) => !isGone && setPlace(found),
        () => {
          if (!isGone) timer = setTimeout(() => void ask(), 5_000);
        },
      );
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
    // The key holds what the answer depends on.
  }, [library, key]);
  return place;
}

function useEvaluation(client: Desk["client"], asked: Asked, root: Json, isReady: boolean): Evaluation {
  const [evaluation, setEvaluation] = useState<Evaluation>(NOTHING);
  const [evaluated, setEvaluated] = useState<Json>(root);
  const key = writeJson([asked, root]);
  useEffect(() => {
    const own = new AbortController();
    if (!isReady || !asked.table || asked.table.startsWith("@")) {
      setEvaluation(NOTHING);
      return undefined;
    }
    const tell = (next: Evaluation) => {
      setEvaluation(next);
      setEvaluated(root);
    };
    const timer = setTimeout(() => void evaluate(client, asked, root, tell, own.signal), PAUSE);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
    // The key holds all that is asked.
  }, [client, key, isReady]);
  return evaluated === root || sameJson(evaluated, root) ? evaluation : { ...evaluation, isStale: true };
}

/** The same object as long as it says the same. */
function useStable<T>(value: T): T {
  const kept = useRef(value);
  if (writeJson(kept.current) !== writeJson(value)) kept.current = value;
  return kept.current;
}
