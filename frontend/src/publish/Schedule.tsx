import type { Launches } from "../runs/api";
import { inZone } from "../runs/words";
import { p } from "./messages";
import { Part } from "./Part";
import { Pending } from "./Pending";
import type { Answered } from "./useAnswer";

/** The schedule in words and what it comes to by the campaign's own clock. */
export function Schedule({ answer }: { answer: Answered<Launches> }) {
  return (
    <Part title={p.schedule} icon="event">
      {answer.value === undefined ? <Pending answer={answer} /> : <Told launches={answer.value} />}
    </Part>
  );
}

function Told({ launches: { sentence, upcoming, time_zone } }: { launches: Launches }) {
  if (!sentence) return <p>{p.noSchedule}</p>;
  return (
    <>
      <p>
        <strong>{sentence}</strong>
      </p>
      {upcoming.length > 0 ? (
        <>
          <p className="cv-quiet">
            {p.next}. {p.zone(time_zone)}
          </p>
          <ol className="cv-launches">
            {upcoming.map((at) => (
              <li key={at}>
                <time dateTime={at}>{inZone(at, time_zone)}</time>
              </li>
            ))}
          </ol>
        </>
      ) : (
        <p className="cv-quiet">{p.noLaunch}</p>
      )}
    </>
  );
}
