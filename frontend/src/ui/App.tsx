import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useEffect, useState } from "react";
import { Canvas } from "../canvas/Canvas";
import { Palette } from "../canvas/Palette";
import { Drawer } from "../drawer/Drawer";
import { Outline } from "../outline/Outline";
import { Move } from "../publish/Move";
import { Publish } from "../publish/Publish";
import { StageContext, useStaged } from "../runs/context";
import { History } from "../runs/History";
import { RunView } from "../runs/RunView";
import type { Screen } from "../runs/stage";
import { Stage } from "../runs/stage";
import { TestDialogs } from "../runs/TestDialogs";
import type { Store } from "../store";
import { Conflict } from "./Conflict";
import { StoreContext, useStore, useWatched } from "./context";
import type { Asked } from "./dialogs";
import { AskContext, AskedDialog } from "./dialogs";
import { useKeys } from "./keys";
import { useDeepLink } from "./linking";
import { Leaving } from "./Leaving";
import { LeftEdits } from "./LeftEdits";
import { Notices } from "./Notices";
import { SaveTrouble } from "./SaveMark";
import { ToolBar } from "./ToolBar";
import { TopBar } from "./TopBar";

export function App({ store }: { store: Store }) {
  const [stage] = useState(() => new Stage(store, screen()));
  useLeaving(store);
  useBack(stage);
  return (
    <StoreContext.Provider value={store}>
      <StageContext.Provider value={stage}>
        <div className="cv" data-canvas="ready">
          <TopBar />
          <SaveTrouble />
          <LeftEdits />
          <Scene />
          <Questions />
          <Notices />
          <Conflict />
          <Leaving />
        </div>
      </StageContext.Provider>
    </StoreContext.Provider>
  );
}

/** The draft that is edited, or a run that is watched. */
function Scene() {
  const { run } = useStaged();
  return run === null ? <Editing /> : <RunView key={run} id={run} />;
}

function Editing() {
  const store = useStore();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = useCallback(() => setAsked(null), []);
  useKeys(store, setAsked);
  return (
    <AskContext.Provider value={setAsked}>
      <ReactFlowProvider>
        <ToolBar />
        <Work />
        {asked && <AskedDialog asked={asked} onClose={close} />}
      </ReactFlowProvider>
    </AskContext.Provider>
  );
}

function Work() {
  const store = useStore();
  const { view, open } = useWatched();
  useDeepLink(store, open);
  return (
    <main className={`cv-work ${open === null ? "" : "has-drawer"}`}>
      {store.mayEdit && view === "canvas" && <Palette />}
      {view === "canvas" ? <Canvas /> : <Outline />}
      <Drawer />
    </main>
  );
}

function Questions() {
  const { question } = useStaged();
  if (question?.is === "history") return <History />;
  if (question?.is === "publish") return <Publish />;
  if (question?.is === "move") return <Move act={question.act} />;
  return <TestDialogs />;
}


/** The address also names the run that is shown; going back in the browser goes back here. */
const screen = (): Screen => ({
  isNarrow: window.matchMedia("(max-width: 40rem)").matches,
  search: window.location.search,
  go: (search) => window.history.pushState(null, "", window.location.pathname + search),
});

function useBack(stage: Stage): void {
  useEffect(() => {
    const follow = () => stage.follow(window.location.search);
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, [stage]);
}

function useLeaving(store: Store): void {
  useEffect(() => {
    const flush = () => {
      if (document.visibilityState === "hidden") void store.flush();
    };
    const retry = () => store.resume();
    document.addEventListener("visibilitychange", flush);
    window.addEventListener("online", retry);
    window.addEventListener("focus", retry);
    return () => {
      document.removeEventListener("visibilitychange", flush);
      window.removeEventListener("online", retry);
      window.removeEventListener("focus", retry);
    };
  }, [store]);
}
