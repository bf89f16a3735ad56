import { useCallback, useEffect, useRef, useState } from "react";
import { Refused } from "../api/client";
import { isDecided, Keys } from "../api/keys";
import { Dialog } from "../ui/Dialog";
import { useStore } from "../ui/context";
import type { Launches } from "../runs/api";
import { askLaunches } from "../runs/api";
import { ActButton } from "../runs/Acts";
import { useStage, useStaged } from "../runs/context";
import { reasonOf } from "../runs/stage";
import type { Version } from "./api";
import { askDiff, askFindings, askTag, publish } from "./api";
import { Changes } from "./Changes";
import { Findings } from "./Findings";
import { Forecasted } from "./Forecasted";
import { p } from "./messages";
import { Published } from "./Published";
import { Schedule } from "./Schedule";
import { useAnswer } from "./useAnswer";
import { errorsOf, obstacle } from "./words";
import "./publish.css";

/** Everything there is to know before a draft takes effect; what was seen is what is published. */
export function Publish() {
  const stage = useStage();
  const store = useStore();
  const [tag, setTag] = useState<string | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [version, setVersion] = useState<Version | null>(null);
  const [round, setRound] = useState(0);
  const prepare = useCallback(async () => {
    setFailed(false);
    setTag(null);
    try {
      if (store.mayEdit && !(await store.flush())) throw new Error(p.notSaved);
      setTag(await askTag(store.client, store.told.slug));
    } catch {
      setFailed(true);
    }
  }, [store]);
  useEffect(() => void prepare(), [prepare, round]);
  const close = () => stage.ask(null);
  return (
    <Dialog title={version ? p.published(version.number) : p.title} onClose={close} className="cv-publish">
      {version ? (
        <Published version={version} />
      ) : tag === null ? (
        <div className="cv-dialog-body">
          <p className="cv-quiet">{hasFailed ? p.notSaved : p.preparing}</p>
          {hasFailed && (
            <button type="button" className="cv-button" onClick={() => setRound(round + 1)}>
              {p.tryAgain}
            </button>
          )}
        </div>
      ) : (
        <Review key={tag} tag={tag} onPublished={setVersion} onChanged={() => setRound(round + 1)} wasChanged={round > 0} />
      )}
    </Dialog>
  );
}

interface ReviewProps {
  readonly tag: string;
  readonly wasChanged: boolean;
  readonly onPublished: (version: Version) => void;
  readonly onChanged: () => void;
}

function Review({ tag, wasChanged, onPublished, onChanged }: ReviewProps) {
  const stage = useStage();
  const { client, told } = useStore();
  const { standing } = useStaged();
  const [confirmed, setConfirmed] = useState<ReadonlySet<number>>(new Set());
  const { slug } = told;
  const changes = useAnswer(() => askDiff(client, slug));
  const findings = useAnswer(() => askFindings(client, slug));
  const launches = useAnswer<Launches>(() => askLaunches(client, slug, "draft"));
  const [refused, setRefused] = useState("");
  const [isBusy, setBusy] = useState(false);
  const keys = useRef(new Keys());
  useEffect(() => void stage.stand(), [stage]);
  const act = standing?.acts.find(({ name }) => name === "publish");
  const keeps = obstacle({
    standing: standing && act ? { refused: act.refused, label: standing.label } : null,
    findings: findings.value ?? null,
    confirmed,
    changes: changes.value,
    state: standing?.state ?? "",
  });
  const mayPublish = act?.refused !== "permission";
  const send = async () => {
    if (isBusy) return;
    setBusy(true);
    setRefused("");
    const act = `publish ${tag} ${confirmed.size > 0}`;
    try {
      onPublished(await publish(client, slug, tag, confirmed.size > 0, keys.current.of(act)));
      void stage.stand();
    } catch (error) {
      if (isDecided(error)) keys.current.settle(act);
      if (error instanceof Refused && error.status === 412) onChanged();
      else setRefused(error instanceof Refused ? `${p.refused} ${reasonOf(error)}` : p.unsure);
    } finally {
      setBusy(false);
    }
  };
  // What keeps it from being published is told before anything else.
  const isFaulty = errorsOf(findings.value ?? []).length > 0;
  const found = <Findings answer={findings} confirmed={confirmed} onConfirm={mayPublish ? setConfirmed : null} />;
  return (
    <>
      <div className="cv-dialog-body cv-review">
        {wasChanged && <p className="warn">{p.changedMeanwhile}</p>}
        {isFaulty && found}
        <Changes answer={changes} version={standing?.published?.number ?? null} />
        <Forecasted isFaulty={isFaulty} />
        <Schedule answer={launches} />
        {!isFaulty && found}
      </div>
      <footer className="cv-dialog-acts">
        <p className="cv-obstacle" role="status">
          {refused ? <span className="bad">{refused}</span> : keeps}
        </p>
        <button type="button" className="cv-button" onClick={() => stage.ask(null)}>
          {p.cancel}
        </button>
        <ActButton icon="publish" tone="primary" words={p.publish} isBusy={isBusy} isOff={isBusy || keeps !== ""} onClick={() => void send()} />
      </footer>
    </>
  );
}
