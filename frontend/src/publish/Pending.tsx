import { r } from "../runs/messages";
import { p } from "./messages";
import type { Answered } from "./useAnswer";

export const Pending = <T,>({ answer }: { answer: Answered<T> }) =>
  answer.hasFailed ? (
    <p role="alert">
      {p.notLoaded}{" "}
      <button type="button" className="cv-button small" onClick={answer.again}>
        {p.tryAgain}
      </button>
    </p>
  ) : (
    <p className="cv-quiet">{r.acting}</p>
  );
