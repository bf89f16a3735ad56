import { ProblemTexts } from "../drawer/Field";
import { Icon } from "../ui/Icon";
import { s } from "./messages";
import type { Previewed } from "./preview";
import { segmentsOf } from "./segments";

interface Props {
  readonly previewed: Previewed;
  readonly onPosition: (position: number) => void;
}

/** The text on a telephone, as one real person would get it. */
export function Phone({ previewed, onPosition }: Props) {
  const { shown, problems, isAway, isBusy, again } = previewed;
  return (
    <section className="sm-preview" aria-label={s.preview} aria-busy={isBusy}>
      {shown && shown.people > 0 && <Turn {...{ shown, onPosition }} />}
      {shown && shown.people === 0 && <p className="cv-help">{s.nobody}</p>}
      {shown ? <Bubble shown={shown} /> : <p className="cv-help">{isAway ? "" : s.rendering}</p>}
      <ProblemTexts problems={problems} />
      {isAway && (
        <p className="sm-away" role="status">
          {s.away}{" "}
          <button type="button" className="cv-button small" onClick={again}>
            {s.tryAgain}
          </button>
        </p>
      )}
      {shown && shown.people > 1 && <Longest {...{ shown, onPosition }} />}
      {shown && shown.examples.length > 0 && <p className="cv-help">{s.examples(shown.examples.join(", "))}</p>}
    </section>
  );
}

interface PartProps {
  readonly shown: NonNullable<Previewed["shown"]>;
  readonly onPosition: (position: number) => void;
}

function Turn({ shown, onPosition }: PartProps) {
  const { position, people, recipient } = shown;
  return (
    <div className="sm-turn">
      <button type="button" className="cv-icon-button small" aria-label={s.previous} onClick={() => onPosition((position + people - 1) % people)}>
        <Icon name="chevron_left" />
      </button>
      <span role="status">{s.asPerson(position + 1, people, recipient)}</span>
      <button type="button" className="cv-icon-button small" aria-label={s.next} onClick={() => onPosition((position + 1) % people)}>
        <Icon name="chevron_right" />
      </button>
    </div>
  );
}

function Bubble({ shown }: { shown: PartProps["shown"] }) {
  const { count, alphabet } = segmentsOf(shown.text);
  return (
    <div className="sm-phone">
      <p className="sm-sender">{shown.sender || s.noSender}</p>
      <p className="sm-bubble">{shown.text || s.emptyText}</p>
      <p className="sm-cost">
        {s.segments(count)} · {s.alphabet[alphabet]}
      </p>
    </div>
  );
}

function Longest({ shown, onPosition }: PartProps) {
  return (
    <p className="sm-longest">
      {s.longest(shown.most_segments, shown.people)}{" "}
      {shown.longest !== shown.position && (
        <button type="button" className="cv-button small" onClick={() => onPosition(shown.longest)}>
          {s.showLongest}
        </button>
      )}
    </p>
  );
}
