import type { Problem } from "../api/client";
import { useStage } from "../runs/context";
import { ProblemList } from "../runs/ProblemList";
import { useStore } from "../ui/context";
import { p } from "./messages";
import { Part } from "./Part";
import { Pending } from "./Pending";
import type { Answered } from "./useAnswer";
import { errorsOf, warningsOf } from "./words";

interface Props {
  readonly answer: Answered<readonly Problem[]>;
  readonly confirmed: ReadonlySet<number>;
  /** null for whoever may not publish: they have nothing to confirm. */
  readonly onConfirm: ((confirmed: ReadonlySet<number>) => void) | null;
}

/** Errors lead to their place; warnings are confirmed, one by one or all. */
export function Findings({ answer, confirmed, onConfirm }: Props) {
  return (
    <Part title={p.findings} icon="fact_check">
      {answer.value === undefined ? <Pending answer={answer} /> : <Told findings={answer.value} confirmed={confirmed} onConfirm={onConfirm} />}
    </Part>
  );
}

function Told({ findings, confirmed, onConfirm }: Pick<Props, "confirmed" | "onConfirm"> & { findings: readonly Problem[] }) {
  const stage = useStage();
  const store = useStore();
  const [errors, warnings] = [errorsOf(findings), warningsOf(findings)];
  const about = { titleOf: (id: string) => store.titleOf(id), onGo: (id: string, path: string) => stage.mend(id, path) };
  const turn = (number: number) => {
    const next = new Set(confirmed);
    if (!next.delete(number)) next.add(number);
    onConfirm?.(next);
  };
  const box = ({ message }: Problem, number: number) => (
    <input type="checkbox" checked={confirmed.has(number)} aria-label={p.confirmOne(message)} onChange={() => turn(number)} />
  );
  if (findings.length === 0) return <p>{p.noFindings}</p>;
  return (
    <>
      {errors.length > 0 && <p className="bad">{p.errors(errors.length)}</p>}
      {errors.length > 0 && <ProblemList problems={errors} {...about} />}
      {warnings.length > 0 && onConfirm && <p>{p.warnings}</p>}
      {warnings.length > 0 && <ProblemList problems={warnings} {...about} {...(onConfirm ? { mark: box } : {})} />}
      {warnings.length > 0 && onConfirm && (
        <label className="cv-check">
          <input
            type="checkbox"
            checked={confirmed.size === warnings.length}
            onChange={(event) => onConfirm(event.target.checked ? new Set(warnings.keys()) : new Set())}
          />
          {p.confirmAll(warnings.length)}
        </label>
      )}
    </>
  );
}
