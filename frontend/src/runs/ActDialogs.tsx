import { useId, useState } from "react";
import { Confirm } from "./Confirm";
import type { RunDelivery } from "./api";
import { useStage, useStaged } from "./context";
import { Waterfall } from "./Deliveries";
import { r } from "./messages";
import type { Shown } from "./shown";
import { sendsOf, summed, unsentOf } from "./sends";
import { shown as number } from "./words";

/** What follows from an act on the run is said with its numbers before it is done. */
export function ActDialogs({ shown }: { shown: Shown }) {
  const { question } = useStaged();
  if (question?.is === "act" && question.act === "stop") return <Stop shown={shown} />;
  if (question?.is === "act" && question.act === "wake") return <Wake shown={shown} />;
  if (question?.is !== "confirm" && question?.is !== "settle") return null;
  const delivery = shown.run.deliveries.find(({ id }) => id === question.delivery);
  if (!delivery) return null;
  return question.is === "confirm" ? <ConfirmSend delivery={delivery} /> : <Settle delivery={delivery} />;
}

function Stop({ shown: { run } }: { shown: Shown }) {
  const stage = useStage();
  const unsent = unsentOf(run.deliveries);
  const { sent, unknown } = summed(run.deliveries.filter(({ state }) => state !== "tested").map(sendsOf));
  return (
    <Confirm title={r.stopTitle} act={r.act["stop"] ?? ""} icon="stop_circle" tone="danger" people={unsent} onAct={() => void stage.act(run, "stop")}>
      <p>{r.stopHelp}</p>
      {unsent > 0 && <p>{r.stopUnsent(number(unsent))}</p>}
      {sent + unknown > 0 && <p>{r.stopSent(number(sent + unknown))}</p>}
    </Confirm>
  );
}

function Wake({ shown: { run } }: { shown: Shown }) {
  const stage = useStage();
  const waiting = run.rounds.flatMap(({ activities }) => activities).filter(({ state }) => state === "waiting");
  const people = waiting.reduce((sum, { rows_in }) => sum + (rows_in ?? 0), 0);
  return (
    <Confirm title={r.wakeTitle} act={r.act["wake"] ?? ""} icon="alarm_on" people={people} onAct={() => void stage.act(run, "wake")}>
      <p>{r.wakeHelp(number(people))}</p>
    </Confirm>
  );
}

function ConfirmSend({ delivery }: { delivery: RunDelivery }) {
  const stage = useStage();
  return (
    <Confirm title={r.confirmTitle(delivery.label)} act={r.confirmSend} icon="send" people={delivery.will_send} onAct={() => void stage.confirm(delivery)}>
      <Waterfall delivery={delivery} />
      <p>{r.confirmHelp}</p>
    </Confirm>
  );
}

function Settle({ delivery }: { delivery: RunDelivery }) {
  const stage = useStage();
  const [state, setState] = useState("sent");
  const [note, setNote] = useState("");
  const id = useId();
  return (
    <Confirm title={r.settle} act={r.settle} icon="check" onAct={() => void stage.settle(delivery, state, note)}>
      <p>{r.settleHelp(number(delivery.messages["unknown"] ?? 0))}</p>
      {[
        ["sent", r.settleSent],
        ["failed", r.settleFailed],
      ].map(([value, words]) => (
        <label key={value} className="cv-check">
          <input type="radio" name={id} checked={state === value} onChange={() => setState(value ?? "")} />
          {words}
        </label>
      ))}
      <div className="cv-field">
        <label htmlFor={`${id}-note`}>{r.settleNote}</label>
        <input id={`${id}-note`} type="text" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
    </Confirm>
  );
}
