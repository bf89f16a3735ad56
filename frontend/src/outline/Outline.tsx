import { useEffect, useMemo, useRef, useState } from "react";
import { t } from "../messages";
import { keyOf } from "../model/document";
import { kindOf, leaving, titleOf } from "../model/kinds";
import { useStore, useWatched } from "../ui/context";
import type { Asked } from "../ui/dialogs";
import { useAsk } from "../ui/dialogs";
import { Icon } from "../ui/Icon";
import { APART } from "../ui/keys";
import { LabelInput } from "../ui/LabelInput";
import { TitleInput } from "../ui/TitleInput";
import type { Outlet } from "../model/edits";
import type { Spot, Store } from "../store";
import { NoteLine } from "./NoteLine";
import { RowAct } from "./RowAct";
import type { FlowRow, NoteRow, Row } from "./rows";
import { between, leftOver, toggled } from "./choosing";
import { rowsOf } from "./rows";

type Act = "open" | "add" | "addApart" | "connect" | "rename" | "delete" | "undo";

/** Where the arrow keys lead from a row. */
const STEPS: { readonly [key: string]: (at: number) => number } = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: () => Infinity,
};

const KEYS: { readonly [key: string]: Act } = {
  Enter: "open",
  e: "open",
  a: "add",
  c: "connect",
  r: "rename",
  F2: "rename",
  Delete: "delete",
  Backspace: "delete",
  u: "undo",
};

/** What is done with a row by a key or a click: on an activity, on one of its ways out, or on a note. */
function act(what: Act, row: Row, store: Store, ask: (asked: Asked) => void): void {
  if (row.is === "note") {
    actOnNote(what, row, store, ask);
    return;
  }
  const { id } = row.activity;
  const outlet = row.is === "way" ? { from: id, port: row.port.name } : store.freeOutlet(id);
  const title = t.addAfterTitle(store.titleOf(id));
  if (what === "open") store.openDrawer(row.is === "way" && row.transition ? row.transition.to : id);
  else if (what === "undo") store.undo();
  else if (!store.mayEdit) return;
  else if (what === "addApart") ask(APART);
  else if (what === "rename") store.startRenaming(row.is === "activity" ? id : row.transition && row.key);
  else if (what === "delete" && row.is === "activity") store.remove(new Set([id]));
  else if (what === "delete" && row.is === "way" && row.transition) store.disconnect(new Set([keyOf(row.transition)]));
  else if (what === "connect" && outlet) ask({ ask: "target", outlet });
  else if (what === "add") ask({ ask: "kind", ...added(row, outlet, store, title) });
}

function actOnNote(what: Act, { key }: NoteRow, store: Store, ask: (asked: Asked) => void): void {
  if (what === "undo") store.undo();
  else if (!store.mayEdit) return;
  else if (what === "open" || what === "rename") store.startRenaming(key);
  else if (what === "delete") store.remove(new Set(), new Set([key]));
  else if (what === "add" || what === "addApart") ask(APART);
}

/** What is added after an activity whose every way out is taken goes between it and what follows first. */
function added(row: FlowRow, outlet: Outlet | null, store: Store, title: string): { spot: Spot; title: string } {
  const { id } = row.activity;
  const first = outlet ? undefined : leaving(store.document, id)[0];
  const transition = row.is === "way" ? row.transition : first;
  if (transition) return { spot: { at: "into", transition }, title: t.insertTitle };
  return { spot: outlet ? { at: "after", outlet, place: null } : { at: "free", place: null }, title };
}

/** The same drawing as a list in which everything can be done by single keys or clicks. */
export function Outline() {
  const store = useStore();
  const { history, known, open, selected, arrows, notes } = useWatched();
  const ask = useAsk();
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(history.present, known), [history.present, known]);
  const [current, setCurrent] = useState("");
  const at = Math.max(0, rows.findIndex(({ key }) => key === current));
  const { anchor, mine, choose } = useChoosing(store);
  useFollowing(notes.size > 0 ? notes : selected, mine, rows, setCurrent, list);

  const focusOn = (row: Row | undefined) => {
    if (!row) return;
    setCurrent(row.key);
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus();
  };
  const remove = (row: Row) => {
    store.aim(row.key);
    focusOn(rows[leftOver(rows, at, store.chosen)]);
    store.removeSelected();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[at];
    const isOwn = event.target instanceof HTMLElement && event.target.matches("[data-key]");
    if (!isOwn || !row || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const what = event.key === "A" && event.shiftKey ? "addApart" : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (step) {
      const next = rows[Math.max(0, Math.min(rows.length - 1, step(at)))];
      if (next && event.shiftKey) choose(between(rows, anchor.current || row.key, next.key), anchor.current || row.key);
      else if (next && !event.ctrlKey) choose([next.key], next.key);
      focusOn(next);
    } else if (event.key === " ") choose(toggled(store.chosen, row.key), row.key);
    else if (event.ctrlKey || !what) return;
    else if (what === "delete") remove(row);
    else act(what, row, store, ask);
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: React.MouseEvent, row: Row) => {
    if (event.shiftKey) choose(between(rows, anchor.current || rows[at]?.key || row.key, row.key), anchor.current);
    else if (event.ctrlKey || event.metaKey) choose(toggled(store.chosen, row.key), row.key);
    else if (row.is === "activity") act("open", row, store, ask);
  };

  return (
    <section className="cv-outline" aria-label={t.outline}>
      {rows.length > 0 && <p className="cv-quiet cv-outline-help">{t.outlineHelp}</p>}
      {rows.length === 0 && (
        <div className="cv-empty still">
          <Icon name="account_tree" />
          <h2>{t.emptyTitle}</h2>
          <p>{t.emptyHelp}</p>
          {store.mayEdit && (
            <button type="button" className="cv-button primary" onClick={() => ask({ ask: "kind", spot: { at: "free", place: null }, title: t.addActivity })}>
              {t.emptyAct}
            </button>
          )}
        </div>
      )}
      <div ref={list} role="grid" aria-multiselectable="true" onKeyDown={onKeyDown} aria-label={t.outline}>
        {rows.map((row, index) => (
          <OutlineRow
            key={row.key}
            row={row}
            isCurrent={index === at}
            isOpen={row.is === "activity" && row.activity.id === open}
            isSelected={selected.has(row.key) || arrows.has(row.key) || notes.has(row.key)}
            onFocus={() => setCurrent(row.key)}
            onClick={(event) => onClick(event, row)}
            onAct={(what) => act(what, row, store, ask)}
          />
        ))}
      </div>
    </section>
  );
}

/** Selecting rows: from which one several are selected, and what was selected here last. */
function useChoosing(store: Store) {
  const anchor = useRef("");
  const mine = useRef<ReadonlySet<string> | null>(null);
  const choose = (keys: readonly string[], from: string) => {
    anchor.current = from;
    store.choose(keys);
    mine.current = store.state.notes.size > 0 ? store.state.notes : store.state.selected;
  };
  return { anchor, mine, choose };
}

/** What is selected elsewhere, or was just added, is where the keys work next. */
function useFollowing(
  selected: ReadonlySet<string>,
  mine: React.RefObject<ReadonlySet<string> | null>,
  rows: readonly Row[],
  setCurrent: (key: string) => void,
  list: React.RefObject<HTMLDivElement | null>,
): void {
  const [only] = selected.size === 1 ? selected : [];
  useEffect(() => {
    if (only === undefined || mine.current === selected || !rows.some(({ key }) => key === only)) return undefined;
    setCurrent(only);
    // A dialog that has just closed gives the focus back first.
    const frame = requestAnimationFrame(() => {
      const isElsewhere = document.activeElement?.closest("dialog, .cv-drawer, input, textarea") != null;
      if (!isElsewhere) list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(only)}"]`)?.focus();
    });
    return () => cancelAnimationFrame(frame);
    // Only when something else is selected, not at every edit of the rows.
  }, [only]);
}

export interface RowProps {
  readonly row: Row;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly onFocus: () => void;
  readonly onClick: (event: React.MouseEvent) => void;
  readonly onAct: (what: Act) => void;
}

function OutlineRow({ row, ...props }: RowProps) {
  if (row.is === "note") return <NoteLine row={row} {...props} />;
  if (row.is === "way") return <WayRow row={row} {...props} />;
  return <ActivityRow row={row} {...props} />;
}

type ActivityProps = Omit<RowProps, "row"> & { readonly row: Extract<Row, { is: "activity" }> };

function ActivityRow({ row, isCurrent, isOpen, isSelected, onFocus, onClick, onAct }: ActivityProps) {
  const store = useStore();
  const { known, problems, renaming } = useWatched();
  const { activity } = row;
  const kind = kindOf(known, activity);
  const title = titleOf(known, activity);
  const found = problems.filter((problem) => problem.activity === activity.id);
  const errors = found.filter(({ severity }) => severity === "error").length;
  return (
    <div
      data-key={row.key}
      data-row={activity.id}
      tabIndex={isCurrent ? 0 : -1}
      role="row"
      aria-selected={isSelected}
      className={`cv-row ${isOpen ? "is-open" : ""}`}
      aria-label={`${row.number}. ${title}, ${kind?.label ?? activity.type}${found.length ? `, ${t.problems(errors, found.length - errors)}` : ""}`}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
      onClick={onClick}
    >
      <div role="gridcell" className="cv-cell">
        <span className="cv-number">{row.number}</span>
        <span className={`cv-glyph tone-${kind?.category ?? ""}`}>
          <Icon name={kind?.icon ?? "help"} />
        </span>
        <span className="cv-row-words">
          {renaming === activity.id ? (
            <TitleInput id={activity.id} title={title} />
          ) : (
            <button type="button" tabIndex={-1} className="cv-link">
              {title}
            </button>
          )}
          <small>{kind?.label ?? `${t.unknownType}: ${activity.type}`}</small>
        </span>
        {found.length > 0 && (
          <span className={`cv-pill ${errors ? "bad" : "warn"}`}>
            <Icon name={errors ? "error" : "warning"} />
            {t.problems(errors, found.length - errors)}
          </span>
        )}
        <span className="cv-row-acts">
          {store.mayEdit && <RowAct icon="add" label={t.addAfter} onClick={() => onAct("add")} />}
          {store.mayEdit && <RowAct icon="edit" label={t.rename} onClick={() => onAct("rename")} />}
          <RowAct icon="tune" label={t.settings} onClick={() => onAct("open")} />
          {store.mayEdit && <RowAct icon="delete" label={t.remove} onClick={() => onAct("delete")} />}
        </span>
      </div>
    </div>
  );
}

type WayProps = Omit<RowProps, "isOpen" | "row"> & { readonly row: Extract<Row, { is: "way" }> };

function WayRow({ row, isCurrent, isSelected, onFocus, onClick, onAct }: WayProps) {
  const store = useStore();
  const { renaming } = useWatched();
  const { port, transition } = row;
  const title = store.titleOf(row.activity.id);
  const target = transition ? store.titleOf(transition.to) : null;
  const words = port.leads_back ? t.leadsBack : (target ?? t.goesNowhere);
  return (
    <div
      data-key={row.key}
      tabIndex={isCurrent ? 0 : -1}
      role="row"
      aria-selected={isSelected}
      className="cv-row cv-way"
      aria-label={[`${title}, ${t.port(port.label)}: ${words}`, transition?.label].filter(Boolean).join(", ")}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
      onClick={onClick}
    >
      <div role="gridcell" className="cv-cell">
        <Icon name={port.leads_back ? "replay" : "subdirectory_arrow_right"} />
        <span className="cv-row-words">
          <span className="cv-port-name">{port.label}</span>
          {transition ? (
            <button type="button" tabIndex={-1} className="cv-link" onClick={() => store.goTo(transition.to)}>
              {target}
            </button>
          ) : (
            <span className="cv-quiet">{words}</span>
          )}
          {transition && renaming === row.key ? (
            <LabelInput of={row.key} name={t.labelOfTransition} label={transition.label ?? ""} placeholder={t.labelOfTransition} />
          ) : (
            transition?.label && <span className="cv-way-label">{transition.label}</span>
          )}
        </span>
        {store.mayEdit && !port.leads_back && (
          <span className="cv-row-acts">
            <RowAct icon="add" label={transition ? t.insertHere : t.addHere} onClick={() => onAct("add")} />
            {transition && <RowAct icon="edit" label={t.labelOfTransition} onClick={() => onAct("rename")} />}
            {transition ? (
              <RowAct icon="link_off" label={t.disconnect} onClick={() => onAct("delete")} />
            ) : (
              <RowAct icon="link" label={t.connect} onClick={() => onAct("connect")} />
            )}
          </span>
        )}
      </div>
    </div>
  );
}
