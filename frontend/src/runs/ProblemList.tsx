import type { Problem } from "../api/client";
import { t } from "../messages";
import { GoTo } from "../ui/GoTo";
import { Icon } from "../ui/Icon";
import { severityIcon } from "../ui/Problems";

interface Props {
  readonly problems: readonly Problem[];
  readonly titleOf: (activity: string) => string;
  readonly onGo: (activity: string, path: string) => void;
  readonly mark?: (problem: Problem, number: number) => React.ReactNode;
}

/** Each problem with its remedy and the way to where it is; `mark` puts something before it. */
export const ProblemList = ({ problems, titleOf, onGo, mark }: Props) => (
  <ul className="cv-findings">
    {problems.map((problem, number) => (
      <li key={number} className={problem.severity}>
        {mark ? mark(problem, number) : <Icon name={severityIcon(problem.severity)} />}
        <div>
          <p>
            <span className="cv-hidden">{problem.severity === "error" ? t.error : t.warning}: </span>
            <strong>{problem.activity ? titleOf(problem.activity) : t.ofCampaign}</strong>
          </p>
          <p>
            {problem.message} <span className="cv-quiet">{problem.remedy}</span>
          </p>
        </div>
        <GoTo problem={problem} onGo={onGo} />
      </li>
    ))}
  </ul>
);
