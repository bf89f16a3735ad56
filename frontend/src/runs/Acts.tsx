import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import type { Act, Run } from "./api";
import { useStage, useStaged } from "./context";
import { r } from "./messages";
import { isOver } from "./moving";

const ICONS: { readonly [act in Act]: string } = {
  pause: "pause",
  resume: "play_arrow",
  retry: "replay",
  wake: "alarm_on",
  stop: "stop_circle",
  restart: "restart_alt",
};
const TONES: { readonly [act in Act]?: string } = { resume: "primary", retry: "primary", stop: "danger" };
/** Those whose consequences are shown before they happen. */
const ASKED: ReadonlySet<Act> = new Set<Act>(["wake", "stop"]);

/** What this person may do with the run as it is now. */
export function Acts({ run }: { run: Run }) {
  const store = useStore();
  const stage = useStage();
  const { acting } = useStaged();
  if (run.acts.length === 0) {
    return isOver(run) ? null : (
      <span className="cv-quiet cv-locked">
        <Icon name="lock" />
        {r.mayNotAct}
      </span>
    );
  }
  return (
    <>
      {run.acts.filter((act) => act !== "restart").map((act) => (
        <ActButton
          key={act}
          icon={ICONS[act]}
          tone={TONES[act] ?? ""}
          words={r.act[act] ?? act}
          isBusy={acting === `${act} ${run.id}`}
          isOff={acting !== null}
          onClick={() => (ASKED.has(act) ? stage.ask({ is: "act", act }) : void stage.act(run, act))}
        />
      ))}
      {run.acts.includes("restart") && store.mayEdit && (
        <ActButton
          icon={ICONS.restart}
          tone={isOver(run) ? "primary" : ""}
          words={isOver(run) ? r.again : (r.act["restart"] ?? "")}
          isBusy={acting === `restart ${run.id}`}
          isOff={acting !== null}
          onClick={() => void stage.restart(run.id, run.real_waits)}
        />
      )}
    </>
  );
}

interface ButtonProps {
  readonly icon: string;
  readonly tone: string;
  readonly words: string;
  readonly isBusy: boolean;
  readonly isOff: boolean;
  readonly onClick: () => void;
}

/** Stays in the order of the keys while it is off, so that the focus is not lost. */
export const ActButton = ({ icon, tone, words, isBusy, isOff, onClick }: ButtonProps) => (
  <button
    type="button"
    className={`cv-button ${tone}`}
    aria-disabled={isOff}
    aria-busy={isBusy}
    onClick={() => !isOff && onClick()}
  >
    <Icon name={isBusy ? "progress_activity" : icon} className={isBusy ? "is-turning" : ""} />
    <span>{isBusy ? r.acting : words}</span>
  </button>
);
