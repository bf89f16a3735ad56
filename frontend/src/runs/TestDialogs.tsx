import { useStore } from "../ui/context";
import { Dialog } from "../ui/Dialog";
import type { Problem } from "../api/client";
import { ProblemList } from "./ProblemList";
import { ActButton } from "./Acts";
import { useStage, useStaged } from "./context";
import { r } from "./messages";

/** What keeps a test from beginning, with the way out of it. */
export function TestDialogs() {
  const { question } = useStaged();
  if (question?.is === "open_test") return <OpenTest />;
  if (question?.is === "blocked") return <Blocked problems={question.problems} />;
  return null;
}

function OpenTest() {
  const stage = useStage();
  const { acting, refused } = useStaged();
  return (
    <Dialog title={r.openTitle} onClose={() => stage.ask(null)}>
      <div className="cv-dialog-body">
        <p>{r.openHelp}</p>
        {refused && (
          <p className="bad" role="alert">
            {r.refusedAct} {refused}
          </p>
        )}
      </div>
      <footer className="cv-dialog-acts">
        <button type="button" className="cv-button" onClick={() => stage.watchOpenTest()}>
          {r.watchIt}
        </button>
        <ActButton icon="replay" tone="primary" words={r.stopAndTest} isBusy={acting !== null} isOff={acting !== null} onClick={() => void stage.stopAndTest()} />
      </footer>
    </Dialog>
  );
}

function Blocked({ problems }: { problems: readonly Problem[] }) {
  const stage = useStage();
  const store = useStore();
  return (
    <Dialog title={r.blockedTitle} onClose={() => stage.ask(null)}>
      <div className="cv-dialog-body">
        <p>{r.blockedHelp}</p>
        <ProblemList problems={problems} titleOf={(id) => store.titleOf(id)} onGo={(id, path) => stage.mend(id, path)} />
      </div>
    </Dialog>
  );
}
