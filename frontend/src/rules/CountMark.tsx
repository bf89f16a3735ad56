import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { useDesk } from "./desk";
import { number, t } from "./messages";

/** How many rows this part alone holds for. */
export function CountMark({ place, about }: { place: string; about: About }) {
  const { evaluation, library } = useDesk();
  const count = evaluation.counts.get(place);
  const rows = library.table(about.table)?.label ?? t.rows;
  if (evaluation.isStale) return <span className="rb-count is-waiting" aria-hidden="true" />;
  if (!count) return evaluation.state === "counting" ? <span className="rb-count is-waiting" aria-hidden="true" /> : <span className="rb-count" />;
  if (count.count === null) {
    return (
      <span className="rb-count" title={count.reason}>
        <Icon name={count.state === "refused" ? "error" : "timer_off"} />
        <span className="cv-hidden">{count.reason}</span>
      </span>
    );
  }
  return (
    <span className="rb-count" data-count={count.count} title={t.countOf(number(count.count), rows)}>
      <span aria-hidden="true">
        {number(count.count)} <small>{rows}</small>
      </span>
      <span className="cv-hidden">{t.countOf(number(count.count), rows)}</span>
    </span>
  );
}
