import { useEffect, useState } from "react";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import type { Launches } from "../runs/api";
import { askLaunches, askRuns } from "../runs/api";
import { useStage } from "../runs/context";
import { inZone } from "../runs/words";
import type { Version } from "./api";
import { p } from "./messages";

const PAUSE = 1_000;
const PATIENCE = 60;

/** What follows from it: the launch that comes next, or the run that has begun. */
export function Published({ version }: { version: Version }) {
  const stage = useStage();
  const run = useRunOf(version);
  const launches = useLaunches();
  const next = launches?.upcoming[0];
  return (
    <>
      <div className="cv-dialog-body cv-published" role="status">
        <Icon name="task_alt" />
        <p>{run ? p.begun(run) : next && launches ? p.nextIs(inZone(next, launches.time_zone)) : p.starts}</p>
        <p className="cv-quiet">{p.confirmLater}</p>
      </div>
      <footer className="cv-dialog-acts">
        <button type="button" className="cv-button" onClick={() => stage.ask(null)}>
          {p.close}
        </button>
        {run && (
          <button type="button" className="cv-button primary" onClick={() => stage.watch(run)}>
            <Icon name="visibility" />
            {p.watch}
          </button>
        )}
      </footer>
    </>
  );
}

function useLaunches(): Launches | null {
  const { client, told } = useStore();
  const [launches, setLaunches] = useState<Launches | null>(null);
  useEffect(() => void askLaunches(client, told.slug, "published").then(setLaunches, () => undefined), [client, told.slug]);
  return launches;
}

/** The first run of the version, as soon as there is one. */
function useRunOf(version: Version): number | null {
  const { client, told } = useStore();
  const [run, setRun] = useState<number | null>(null);
  useEffect(() => {
    let isOn = true;
    const look = async () => {
      for (let time = 0; isOn && time < PATIENCE; time++) {
        const found = await askRuns(client, told.slug, "&kind=live&page_size=1").catch(() => null);
        const first = found?.rows.find((each) => each.version === version.number);
        if (first && isOn) {
          setRun(first.id);
          return;
        }
        await new Promise((done) => setTimeout(done, PAUSE));
      }
    };
    void look();
    return () => {
      isOn = false;
    };
  }, [client, told.slug, version.number]);
  return run;
}
