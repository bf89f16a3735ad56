import { useEffect, useState } from "react";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import type { RunDelivery } from "./api";
import { useStage, useStaged } from "./context";
import { r } from "./messages";
import type { Shown } from "./shown";
import type { Trouble } from "./watch";
import { moment, shown as number } from "./words";

/** Why what is seen may be old, and what becomes of that. */
export function RunTrouble({ trouble, at, onTry }: { trouble: Trouble; at: number; onTry: () => void }) {
  const store = useStore();
  const words: { readonly [why in Trouble["why"]]: string } = {
    offline: r.offline,
    server: r.server(trouble.message),
    busy: r.busy,
    signed_out: r.signedOut,
    refused: trouble.message,
    gone: r.gone,
  };
  return (
    <div className={`cv-trouble ${trouble.again === null ? "bad" : "warn"}`} role="alert" data-trouble={trouble.why}>
      <Icon name={trouble.why === "offline" ? "cloud_off" : trouble.why === "signed_out" ? "lock" : "error"} />
      <span>
        {words[trouble.why]} {at > 0 && r.asOf(moment(at))} {trouble.again !== null && <Countdown to={trouble.again} />}
      </span>
      {trouble.why === "signed_out" && (
        <a className="cv-button small" href={store.told.flow} target="_blank" rel="noreferrer">
          {r.signIn}
        </a>
      )}
      {trouble.why !== "gone" && (
        <button type="button" className="cv-button small" onClick={onTry}>
          {r.tryAgain}
        </button>
      )}
    </div>
  );
}

/** Not read out each second. */
function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((to - now) / 1000));
  return <span aria-hidden="true">{seconds > 0 && r.againIn(String(seconds))}</span>;
}

/** What keeps the run, in words, with the act that helps. */
export function RunNotes({ shown }: { shown: Shown }) {
  const { run } = shown;
  const { refused, question } = useStaged();
  const waiting = run.deliveries.filter(({ state }) => state === "awaiting_confirmation");
  return (
    <>
      {refused && !question && <Note tone="bad" icon="block" words={`${r.refusedAct} ${refused}`} />}
      {run.state === "failed" && <Failed shown={shown} />}
      {run.state === "stopped" && run.problem && <Note tone="bad" icon="error" words={run.problem} />}
      {run.state === "paused" && <Note tone="warn" icon="pause_circle" words={r.runPaused} />}
      {run.state === "running" && waiting.map((each) => <Waiting key={each.id} delivery={each} />)}
    </>
  );
}

function Failed({ shown: { run, title } }: { shown: Shown }) {
  const store = useStore();
  const stage = useStage();
  const failed = run.activities.find(({ state }) => state === "failed");
  const words = `${r.runFailed(failed ? title(failed.id) : "")} ${failed?.problem || run.problem}`;
  return (
    <Note tone="bad" icon="error" words={words} help={run.kind === "test" ? r.testFailedHelp : r.runFailedHelp}>
      {failed && (
        <button type="button" className="cv-button small" onClick={() => stage.open({ is: "activity", id: failed.id })}>
          {r.look}
        </button>
      )}
      {failed && store.mayEdit && (
        <button type="button" className="cv-button small" onClick={() => stage.mend(failed.id)}>
          {r.editDraft}
        </button>
      )}
    </Note>
  );
}

function Waiting({ delivery }: { delivery: RunDelivery }) {
  const stage = useStage();
  return (
    <Note tone="warn" icon="front_hand" words={r.waitsToConfirm(delivery.label, number(delivery.will_send))} help={delivery.may_confirm ? "" : r.mayNotConfirm}>
      {delivery.may_confirm && (
        <button type="button" className="cv-button small primary" onClick={() => stage.ask({ is: "confirm", delivery: delivery.id })}>
          <Icon name="send" />
          {r.confirmSend}
        </button>
      )}
    </Note>
  );
}

interface NoteProps {
  readonly tone: "bad" | "warn";
  readonly icon: string;
  readonly words: string;
  readonly help?: string;
  readonly children?: React.ReactNode;
}

const Note = ({ tone, icon, words, help = "", children }: NoteProps) => (
  <div className={`cv-trouble ${tone}`} role="status">
    <Icon name={icon} />
    <span>
      <strong>{words}</strong> {help}
    </span>
    {children}
  </div>
);
