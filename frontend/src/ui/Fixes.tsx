import type { Problem } from "../api/client";
import { t } from "../messages";
import { useStore } from "./context";
import { Icon } from "./Icon";

/** A button for each fix of a problem that was found in this draft, for whoever may change it. */
export function Fixes({ problem, onDone }: { problem: Problem; onDone: (button: HTMLElement) => void }) {
  const store = useStore();
  if (!problem.fixes || !store.mayMend(problem)) return null;
  return (
    <p className="cv-fixes">
      {problem.fixes.map((fix) => (
        <button
          key={fix.label}
          type="button"
          className="cv-button small"
          title={t.fixHelp}
          onClick={(event) => {
            const button = event.currentTarget;
            if (store.mend(problem, fix)) onDone(button);
          }}
        >
          <Icon name="build" />
          {fix.label}
        </button>
      ))}
    </p>
  );
}
