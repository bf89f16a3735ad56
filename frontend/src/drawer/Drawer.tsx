import { useEffect, useMemo, useRef, useState } from "react";
import { t } from "../messages";
import type { Activity, Config, Transition } from "../model/document";
import { activityOf, keyOf } from "../model/document";
import { arriving, kindOf, leaving, wayOf } from "../model/kinds";
import type { Node } from "../model/schema";
import { Schema, text } from "../model/schema";
import { useStore, useWatched } from "../ui/context";
import { Icon } from "../ui/Icon";
import { Properties, namesOf } from "./compound";
import { editorOf } from "./editors";
import { FormContext, ProblemTexts } from "./Field";
import { FormLink } from "./FormLink";
import { JsonField } from "./JsonField";
import { leaveDrawer } from "./leaving";
import { findingsOf, own } from "./problems";
import { RICHER } from "./widgets";

/** The settings of one activity, drawn from the schema of its type. */
export function Drawer() {
  const { open, history } = useWatched();
  const activity = open === null ? undefined : activityOf(history.present, open);
  return activity ? <Opened key={activity.id} activity={activity} /> : null;
}

function Opened({ activity }: { activity: Activity }) {
  const store = useStore();
  const state = useWatched();
  const frame = useRef<HTMLElement>(null);
  const document = state.history.present;
  const kind = kindOf(state.known, activity);
  const settings = kind?.settings as Node | undefined;
  const schema = useMemo(() => new Schema(settings ?? {}), [settings]);
  const findings = useMemo(() => findingsOf(document, state.problems, activity.id), [document, state.problems, activity.id]);
  const around = { document, known: state.known, choices: state.choices, id: activity.id };
  const change = (config: Config, place: string) => store.configure(activity.id, config, place);
  const names = namesOf(schema.properties(settings ?? {}));
  useFocusIn(frame);
  useFound(frame, activity.id);

  return (
    <aside className="cv-drawer" ref={frame} tabIndex={-1} aria-label={`${t.settings}: ${store.titleOf(activity.id)}`}>
      <header>
        <span className={`cv-glyph tone-${kind?.category ?? ""}`}>
          <Icon name={kind?.icon ?? "help"} />
        </span>
        <div>
          <h2>{kind?.label ?? `${t.unknownType}: ${activity.type}`}</h2>
          <p className="cv-quiet">{kind?.description}</p>
        </div>
        <button type="button" className="cv-icon-button" aria-label={t.close} title={t.close} onClick={() => leaveDrawer(store)}>
          <Icon name="close" />
        </button>
      </header>
      <FormContext.Provider value={{ schema, around, isOff: !store.mayEdit }}>
        <form className="cv-form" onSubmit={(event) => event.preventDefault()}>
          <ProblemTexts problems={own(findings, names)} />
          <LabelField activity={activity} placeholder={kind?.label ?? ""} />
          {kind && names.length === 0 && <p className="cv-quiet">{t.noSettings}</p>}
          {hasRicher(schema, settings) && <FormLink />}
          {settings ? (
            <Properties node={settings} value={activity.config} place="" findings={findings} onChange={change} />
          ) : (
            <JsonField
              field={{ kind: "json", node: {}, nullable: false, choices: [] }}
              node={{}}
              name={t.settings}
              value={activity.config}
              place=""
              findings={[]}
              isRequired={false}
              onChange={(value, place) => typeof value === "object" && !Array.isArray(value) && change(value ?? {}, place)}
            />
          )}
          <Neighbours activity={activity} />
        </form>
      </FormContext.Provider>
    </aside>
  );
}

const hasRicher = (schema: Schema, settings: Node | undefined): boolean =>
  schema.properties(settings ?? {}).some(([, node]) => {
    const field = schema.field(node);
    const widget = text(field.node["widget"]);
    return field.kind !== "json" && RICHER.has(widget) && !editorOf(widget);
  });

function LabelField({ activity, placeholder }: { activity: Activity; placeholder: string }) {
  const store = useStore();
  const [typed, setTyped] = useState<string | null>(null);
  const take = (words: string) => {
    setTyped(words);
    store.relabel(activity.id, words.trim());
  };
  return (
    <div className="cv-field">
      <label htmlFor="cv-label">{t.label}</label>
      <input
        id="cv-label"
        type="text"
        maxLength={200}
        disabled={!store.mayEdit}
        value={typed ?? activity.label ?? ""}
        placeholder={placeholder}
        onChange={(event) => take(event.target.value)}
        onBlur={() => setTyped(null)}
      />
      <p className="cv-help">{t.labelHelp}</p>
    </div>
  );
}

function Neighbours({ activity }: { activity: Activity }) {
  const store = useStore();
  const { history, known } = useWatched();
  const before = arriving(history.present, activity.id);
  const behind = leaving(history.present, activity.id);
  const mayBegin = kindOf(known, activity)?.inbound_min === 0;
  const way = (id: string, transition: Transition) => (
    <li key={keyOf(transition)}>
      <button type="button" className="cv-link" onClick={() => store.goTo(id)}>
        {store.titleOf(id)}
      </button>
      <span className="cv-quiet"> {wayOf(known, history.present, transition)}</span>
    </li>
  );
  return (
    <footer className="cv-neighbours">
      <section>
        <h3>{t.comesFrom}</h3>
        <ul>{before.map((each) => way(each.from, each))}</ul>
        {before.length === 0 && <p className="cv-quiet">{mayBegin ? t.beginsHere : t.nothingArrives}</p>}
      </section>
      <section>
        <h3>{t.leadsTo}</h3>
        <ul>{behind.map((each) => way(each.to, each))}</ul>
        {behind.length === 0 && <p className="cv-quiet">{t.goesNowhere}</p>}
      </section>
      {store.mayEdit && (
        <div className="cv-delete">
          <button type="button" className="cv-button danger" onClick={() => store.remove(new Set([activity.id]))}>
            <Icon name="delete" />
            {t.deleteActivity}
          </button>
          <p className="cv-help">{t.deleteHelp}</p>
        </div>
      )}
    </footer>
  );
}

/** Whoever came for a problem is led to the field that has it. */
function useFound(frame: React.RefObject<HTMLElement | null>, id: string): void {
  const { goal } = useWatched();
  useEffect(() => {
    if (!goal?.path || goal.id !== id) return undefined;
    const drawn = requestAnimationFrame(() => {
      const told = frame.current?.querySelector(`[data-problem="${CSS.escape(goal.path)}"]`);
      told?.scrollIntoView({ block: "center" });
      told?.closest(".cv-field, .cv-set")?.querySelector<HTMLElement>("input, select, textarea, button")?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(drawn);
  }, [goal, id, frame]);
}

function useFocusIn(frame: React.RefObject<HTMLElement | null>): void {
  const store = useStore();
  useEffect(() => {
    if (window.matchMedia(COVERING).matches) frame.current?.focus();
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape" && frame.current?.contains(event.target as globalThis.Node)) leaveDrawer(store);
    };
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, [store, frame]);
}

/** Windows in which there is nothing but the drawer, so that the focus has to go into it. */
const COVERING = "(max-width: 40rem)";
