import { useStore } from "../ui/context";
import { askRuns } from "./api";
import { useLoaded } from "./context";
import { r } from "./messages";
import { moment } from "./words";

interface Props {
  readonly id: number;
  readonly against: number | null;
  readonly onChoose: (run: number | null) => void;
}

/** Another run of the campaign, from which the numbers on the transitions are told as differences too. */
export function Against({ id, against, onChoose }: Props) {
  const { client, told } = useStore();
  const { value } = useLoaded((signal) => askRuns(client, told.slug, "&page_size=20", signal), String(id));
  const others = (value?.rows ?? []).filter((run) => run.id !== id);
  if (others.length === 0) return null;
  return (
    <div className="cv-against">
      <select aria-label={r.compareWith} value={against ?? ""} onChange={(event) => onChoose(event.target.value === "" ? null : Number(event.target.value))}>
        <option value="">{against === null ? `${r.compareWith} …` : r.compareNone}</option>
        {others.map((run) => (
          <option key={run.id} value={run.id}>
            {r.run(run.kind, run.id)} · {moment(run.started_at)}
          </option>
        ))}
      </select>
    </div>
  );
}
