import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useRef, useState } from "react";
import { activityOf } from "../model/document";
import type { Known } from "../model/kinds";
import { titleOf } from "../model/kinds";
import { useStore, useWatched } from "../ui/context";
import { Acts } from "./Acts";
import { Against } from "./Against";
import { closeOpened } from "./closing";
import type { Run } from "./api";
import { askRun } from "./api";
import { useLoaded, useNow, useSeen, useStage, useStaged } from "./context";
import { r } from "./messages";
import { isMoving } from "./moving";
import { news } from "./news";
import { changesOf, countsOf, deadWays, lifeOf } from "./picture";
import { ActDialogs } from "./ActDialogs";
import { RunBar } from "./RunBar";
import { RunCanvas } from "./RunCanvas";
import { RunDrawer } from "./RunDrawer";
import { RunNotes, RunTrouble } from "./RunNotes";
import { RunOutline } from "./RunOutline";
import { Session } from "./session";
import type { Shown } from "./shown";
import { WayDrawer } from "./WayDrawer";
import "./runs.css";

const NONE: ReadonlyMap<string, string> = new Map();

/** A run as it is, or was: the drawing it obeys with its counts, followed as long as it moves. */
export function RunView({ id }: { id: number }) {
  const store = useStore();
  const stage = useStage();
  const session = useMemo(() => new Session(store.client, store.told.slug, id), [store, id]);
  useEffect(() => {
    const end = session.begin(document);
    stage.refresh = session.run.now;
    return () => {
      stage.refresh = () => undefined;
      end();
    };
  }, [session, stage]);
  const [against, setAgainst] = useState<number | null>(null);
  const shown = useShown(session, useOther(against));
  const seen = useSeen(session.run);
  const definition = useSeen(session.definition);
  const trouble = seen.trouble ?? (shown ? null : definition.trouble);
  useRunKeys();
  return (
    <ReactFlowProvider key={id}>
      <RunBar
        id={id}
        shown={shown}
        compared={<Against id={id} against={against} onChoose={setAgainst} />}
        acts={shown && <Acts run={shown.run} />}
      />
      {trouble && <RunTrouble trouble={trouble} at={seen.at} onTry={() => [session.run, session.definition].forEach((each) => each.now())} />}
      {shown ? <Watched shown={shown} /> : <p className="cv-loading">{trouble ? r.notLoaded : r.loading}</p>}
      {shown && <ActDialogs shown={shown} />}
      <News session={session} shown={shown} />
    </ReactFlowProvider>
  );
}

/** The run that the shown one is compared with, as it stands when it is chosen. */
function useOther(id: number | null): Run | null {
  const { client } = useStore();
  const load = async (signal: AbortSignal) => (id === null ? null : ((await askRun(client, id, "", signal))?.value ?? null));
  const { value } = useLoaded(load, String(id));
  return value?.id === id ? value : null;
}

function useShown(session: Session, other: Run | null): Shown | null {
  const { known } = useWatched();
  const { value: run } = useSeen(session.run);
  const { value: definition } = useSeen(session.definition);
  const { value: lines } = useSeen(session.rates);
  const now = useNow(run !== null && isMoving(run));
  const kinds = known.kinds;
  const carried = useMemo(() => (run ? { counts: countsOf(run), dead: deadWays(run), changes: other ? changesOf(run, other) : NONE } : null), [run, other]);
  return useMemo(() => {
    if (!run || !definition || !carried) return null;
    const { document, ports } = definition;
    const own: Known = { kinds, ports };
    const seeing = { now, paces: session.paces, lines: lines ?? [] };
    const lives = new Map(run.activities.map((each) => [each.id, lifeOf(run, each, seeing)]));
    const title = (id: string): string => {
      const activity = activityOf(document, id);
      return activity ? titleOf(own, activity) : id;
    };
    const happening = { lives, ...carried };
    return { run, document, known: own, happening, session, now, lines: lines ?? [], title };
  }, [run, definition, carried, lines, now, kinds, session]);
}

function Watched({ shown }: { shown: Shown }) {
  const { open, view } = useStaged();
  return (
    <>
      <RunNotes shown={shown} />
      <main className={`cv-work ${open ? "has-drawer" : ""}`}>
        {view === "canvas" ? <RunCanvas shown={shown} /> : <RunOutline shown={shown} />}
        {open?.is === "activity" && <RunDrawer key={open.id} id={open.id} shown={shown} />}
        {open?.is === "way" && <WayDrawer key={`${open.from} ${open.port}`} way={open} shown={shown} />}
      </main>
    </>
  );
}

/** Spoken, not shown: the drawing shows it. */
function News({ session, shown }: { session: Session; shown: Shown | null }) {
  const [words, setWords] = useState("");
  const before = useRef<Run | null>(null);
  const { trouble } = useSeen(session.run);
  const isLost = useRef(false);
  useEffect(() => {
    if (!shown) return;
    const said = news(before.current, shown.run, shown.title);
    before.current = shown.run;
    if (said.length > 0) setWords(said.join(". "));
  }, [shown]);
  useEffect(() => {
    if ((trouble !== null) === isLost.current) return;
    isLost.current = trouble !== null;
    setWords(isLost.current ? r.saysLost : r.saysBack);
  }, [trouble]);
  return (
    <div className="cv-hidden" role="status" aria-live="polite" data-news>
      {words}
    </div>
  );
}

function useRunKeys(): void {
  const stage = useStage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, dialog")) return;
      if (event.key === "Escape" && stage.state.open) closeOpened(stage);
      else if (event.key.toLowerCase() === "o") stage.show(stage.state.view === "canvas" ? "outline" : "canvas");
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [stage]);
}
