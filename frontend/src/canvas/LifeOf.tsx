import { Icon } from "../ui/Icon";
import type { Life } from "./drawn";

/** What became of an activity: its state by icon and word, how far it is, what came of it. */
export const LifeOf = ({ life }: { life: Life }) => (
  <div className="cv-life">
    <p className={`cv-life-state ${life.tone}`}>
      <Icon name={life.icon} className={life.state === "running" ? "is-turning" : ""} />
      <span>{life.words}</span>
    </p>
    {life.share !== null && <progress max={1} value={life.share} aria-hidden="true" />}
    {life.lines.map((line) => (
      <p key={line}>{line}</p>
    ))}
    {life.problem && (
      <p className="cv-life-problem" title={life.problem}>
        {life.problem}
      </p>
    )}
    {life.rates.length > 0 && <Rates rates={life.rates} />}
  </div>
);

export const Rates = ({ rates }: Pick<Life, "rates">) => (
  <dl className="cv-rates">
    {rates.map(({ label, rate, count }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>
          <b>{rate}</b> <span>{count}</span>
        </dd>
      </div>
    ))}
  </dl>
);
