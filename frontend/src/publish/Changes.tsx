import type { Change } from "./api";
import { p } from "./messages";
import { Part } from "./Part";
import { Pending } from "./Pending";
import type { Answered } from "./useAnswer";
import { Icon } from "../ui/Icon";
import { summary } from "./words";

const ICONS: { readonly [verb: string]: string } = { added: "add_circle", removed: "remove_circle", changed: "change_circle" };

/** What differs in meaning from the version that is published. */
export function Changes({ answer, version }: { answer: Answered<readonly Change[] | null>; version: number | null }) {
  return (
    <Part title={p.changes} icon="difference">
      {answer.value === undefined ? <Pending answer={answer} /> : <Told changes={answer.value} version={version ?? 0} />}
    </Part>
  );
}

function Told({ changes, version }: { changes: readonly Change[] | null; version: number }) {
  if (changes === null) return <p>{p.first}</p>;
  if (changes.length === 0) return <p>{p.same(version)}</p>;
  return (
    <>
      <p>
        {p.since(version)} <strong>{summary(changes)}</strong>
      </p>
      <ul className="cv-changes">
        {changes.map((change) => (
          <li key={`${change.part} ${change.name}`} data-change={change.change}>
            <Icon name={ICONS[change.change] ?? "change_circle"} />
            <span>
              <span className="cv-hidden">{p.verb[change.change]}: </span>
              {change.sentence}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
