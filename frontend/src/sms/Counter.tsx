import { s } from "./messages";
import { MANY_SEGMENTS, MOST_SEGMENTS, visible } from "./segments";
import type { Segments } from "./segments";

const SHOWN = 12;

interface Props {
  readonly counted: Segments;
  readonly isLeast: boolean;
}

/** What the words cost as they stand; values of people come on top of it. */
export function Counter({ counted, isLeast }: Props) {
  const { alphabet, characters, count, left, outside } = counted;
  const tone = count > MOST_SEGMENTS ? "bad" : count > MANY_SEGMENTS ? "warn" : "";
  return (
    <div className="sm-counter">
      <p className="sm-counts">
        <strong className={tone}>{isLeast ? s.atLeast(count) : s.segments(count)}</strong>
        <span>{s.alphabet[alphabet]}</span>
        <span>{s.characters(characters)}</span>
        <span>{s.left(left)}</span>
      </p>
      {isLeast && <p className="cv-help">{s.valuesAdd}</p>}
      {count > MOST_SEGMENTS && <p className="cv-field-problems error">{s.tooMany(MOST_SEGMENTS)}</p>}
      {outside.length > 0 && (
        <div className="sm-outside">
          <p className="cv-help">{s.outside(outside.length)}</p>
          <ul>
            {outside.slice(0, SHOWN).map((each) => (
              <li key={each}>{visible(each)}</li>
            ))}
            {outside.length > SHOWN && <li className="more">{s.more(outside.length - SHOWN)}</li>}
          </ul>
        </div>
      )}
    </div>
  );
}
