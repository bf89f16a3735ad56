import { useCallback, useEffect, useRef, useState } from "react";
import { Refused } from "../api/client";
import { newKey } from "../api/keys";
import { callOff } from "../api/questions";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import { Waterfall } from "../runs/Deliveries";
import { r } from "../runs/messages";
import { reasonOf } from "../runs/stage";
import { roughly, shown } from "../runs/words";
import type { Forecast } from "./api";
import { askForecast } from "./api";
import { p } from "./messages";
import { Movers } from "./Movers";
import { Part } from "./Part";
import { byChannel } from "./words";

type Counting =
  | { readonly is: "counting"; readonly since: number }
  | { readonly is: "counted"; readonly found: Forecast; readonly at: number }
  | { readonly is: "stopped" }
  | { readonly is: "refused"; readonly words: string };

/** How many people would get a message, who would not and why. It may take a while, and can be called off. */
export function Forecasted({ isFaulty }: { isFaulty: boolean }) {
  const store = useStore();
  return (
    <Part title={p.people} icon="groups">
      {!store.mayEdit ? <p className="cv-quiet">{p.mayNotCount}</p> : isFaulty ? <p className="cv-quiet">{p.countLater}</p> : <Counted />}
    </Part>
  );
}

function Counted() {
  const { state, begin, stop } = useForecast();
  const now = useClock();
  return (
    <>
      {state.is === "counting" && (
        <p className="cv-counting" role="status" aria-busy="true">
          <Icon name="progress_activity" className="is-turning" />
          <span aria-hidden="true">{p.counting(Math.max(0, Math.floor((now - state.since) / 1000)))}</span>
          <span className="cv-hidden">{p.countHelp}</span>
          <button type="button" className="cv-button small" onClick={stop}>
            {p.stopCounting}
          </button>
        </p>
      )}
      {state.is === "counted" && <Found found={state.found} />}
      {state.is === "stopped" && <p>{p.stopped}</p>}
      {state.is === "refused" && <p className="warn">{state.words}</p>}
      {state.is !== "counting" && (
        <p className="cv-quiet cv-counted">
          {state.is === "counted" && p.counted(roughly(Math.max(1_000, now - state.at)))}
          <button type="button" className="cv-button small" onClick={begin}>
            {p.countAgain}
          </button>
        </p>
      )}
    </>
  );
}

function useForecast() {
  const { client, told } = useStore();
  const [state, setState] = useState<Counting>({ is: "counting", since: Date.now() });
  const asked = useRef<{ readonly question: string; readonly own: AbortController } | null>(null);
  const end = useCallback(() => {
    if (!asked.current) return;
    asked.current.own.abort();
    callOff(client, asked.current.question);
    asked.current = null;
  }, [client]);
  const begin = useCallback(() => {
    end();
    const [question, own] = [newKey(), new AbortController()];
    asked.current = { question, own };
    setState({ is: "counting", since: Date.now() });
    askForecast(client, told.slug, question, own.signal)
      .then((found): Counting => ({ is: "counted", found, at: Date.now() }))
      .catch((error: unknown): Counting => ({ is: "refused", words: refusalOf(error) }))
      .then((next) => {
        if (own.signal.aborted) return;
        asked.current = null;
        setState(next);
      });
  }, [client, told.slug, end]);
  useEffect(() => {
    begin();
    return end;
  }, [begin, end]);
  const stop = () => {
    end();
    setState({ is: "stopped" });
  };
  return { state, begin, stop };
}

function refusalOf(error: unknown): string {
  if (error instanceof Refused) return error.status === 403 ? p.mayNotCount : reasonOf(error);
  return p.notLoaded;
}

function Found({ found }: { found: Forecast }) {
  const store = useStore();
  const failures = Object.entries(found.failures);
  return (
    <>
      {found.sends.length === 0 && <p>{p.noSends}</p>}
      {byChannel(found.sends).map(([channel, people]) => (
        <p key={channel} className="cv-reach">
          <strong>{p.would(shown(people), r.channel[channel] ?? channel)}</strong>
        </p>
      ))}
      <div className="cv-sends">
        {found.sends.map((send) => (
          <section key={`${send.activity} ${send.round}`} aria-label={send.label}>
            <h4>
              {send.label}
              {send.round > 0 && <span className="cv-quiet"> {p.inRound(send.round)}</span>}
            </h4>
            <Waterfall delivery={send} />
          </section>
        ))}
      </div>
      <Movers found={found} />
      {failures.map(([activity, problem]) => (
        <p key={activity} className="bad">
          {p.failedActivity(store.titleOf(activity), problem)}
        </p>
      ))}
    </>
  );
}

function useClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
