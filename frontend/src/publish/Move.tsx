import { Confirm } from "../runs/Confirm";
import { useStage } from "../runs/context";
import { p } from "./messages";

export const MOVES: readonly (readonly [string, string])[] = [
  ["back-to-draft", "undo"],
  ["close", "door_front"],
  ["archive", "archive"],
  ["stop", "stop_circle"],
];

/** What follows from taking the campaign to another state. */
export function Move({ act }: { act: string }) {
  const stage = useStage();
  const words = p.act[act] ?? act;
  const icon = MOVES.find(([name]) => name === act)?.[1] ?? "check";
  return (
    <Confirm title={p.sure(words)} act={words} icon={icon} tone={act === "stop" ? "danger" : "primary"} onAct={() => void stage.move(act, p.after[act] ?? words)}>
      <p>{p.before[act]}</p>
    </Confirm>
  );
}
