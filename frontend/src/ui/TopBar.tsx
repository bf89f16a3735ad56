import { MOVES } from "../publish/Move";
import { p } from "../publish/messages";
import { ActButton } from "../runs/Acts";
import { useStage, useStaged } from "../runs/context";
import { r } from "../runs/messages";
import { t } from "../messages";
import type { Link } from "../told";
import { useStore, useWatched } from "./context";
import { Icon } from "./Icon";
import { goTo } from "./Leaving";
import { SaveMark } from "./SaveMark";

/** States of a campaign; a draft has the plain one. */
const TONES: { readonly [state: string]: string } = { live: "cool", scheduled: "cool", closed: "warn", stopped: "bad", completed: "good" };

/** A plain click waits for what is not saved yet; in another tab or window a page opens at once. */
function useLeave() {
  const store = useStore();
  return (event: React.MouseEvent<HTMLAnchorElement>) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void goTo(store, event.currentTarget.href);
  };
}

export function TopBar() {
  const { told } = useStore();
  const { history } = useWatched();
  const { standing, refused, run, question } = useStaged();
  const leave = useLeave();
  return (
    <>
      <header className="cv-top">
        <a className="cv-icon-button" href={told.home.url} onClick={leave} aria-label={told.home.label} title={told.home.label}>
          <Icon name="arrow_back" />
        </a>
        <div className="cv-title">
          <h1 title={history.present.campaign.name}>{history.present.campaign.name}</h1>
          <span className={`cv-chip ${TONES[standing?.state ?? ""] ?? ""}`}>{standing?.label ?? told.state}</span>
        </div>
        {run === null && <SaveMark />}
        <Acts />
      </header>
      {refused && run === null && question === null && <Refusal words={refused} />}
    </>
  );
}

function Acts() {
  const store = useStore();
  const stage = useStage();
  const { run, acting, standing } = useStaged();
  const mayPublish = standing?.acts.some(({ name, possible }) => name === "publish" && possible) ?? false;
  return (
    <div className="cv-acts">
      <button type="button" className="cv-button" aria-haspopup="dialog" title={r.runsHelp} onClick={() => stage.ask({ is: "history" })}>
        <Icon name="history" />
        <span>{r.runs}</span>
      </button>
      {store.mayEdit && run === null && (
        <ActButton icon="science" tone="" words={acting === "test" ? r.testing : r.test} isBusy={acting === "test"} isOff={acting !== null} onClick={() => void stage.test()} />
      )}
      <button type="button" className={`cv-button ${mayPublish && run === null ? "primary" : ""}`} aria-haspopup="dialog" onClick={() => stage.ask({ is: "publish" })}>
        <Icon name="publish" />
        <span>{p.publish}</span>
      </button>
      <Menu label={t.more} icon="more_vert" groups={[store.told.acts, store.told.places]} />
    </div>
  );
}

function Refusal({ words }: { words: string }) {
  const stage = useStage();
  return (
    <div className="cv-trouble bad" role="alert">
      <Icon name="block" />
      <span>
        {r.refusedAct} {words}
      </span>
      <button type="button" className="cv-button small" onClick={() => stage.ask(null)}>
        {r.close}
      </button>
    </div>
  );
}

function Menu({ label, icon, groups }: { label: string; icon: string; groups: readonly (readonly Link[])[] }) {
  const leave = useLeave();
  return (
    <details className="cv-menu" onBlur={closeBehind}>
      <summary className="cv-icon-button" aria-label={label} title={label}>
        <Icon name={icon} />
      </summary>
      <nav className="cv-menu-list">
        <OwnActs />
        {groups.map((links, number) => (
          <div key={number} className="cv-menu-group">
            {links.map((link) => (
              <a key={link.url + link.label} href={link.url} className={link.tone} onClick={leave}>
                <Icon name={link.icon} />
                {link.label}
              </a>
            ))}
          </div>
        ))}
      </nav>
    </details>
  );
}

/** What needs no page of its own, as far as it is possible now. */
function OwnActs() {
  const store = useStore();
  const stage = useStage();
  const { standing } = useStaged();
  const possible = new Set(standing?.acts.filter((each) => each.possible).map(({ name }) => name));
  const moves = MOVES.filter(([name]) => possible.has(name));
  if (!store.mayEdit && moves.length === 0) return null;
  return (
    <div className="cv-menu-group">
      {store.mayEdit && <MenuAct icon="hourglass_top" words={r.testReal} onAct={() => void stage.test(true)} />}
      {moves.map(([name, icon]) => (
        <MenuAct key={name} icon={icon} words={p.act[name] ?? name} tone={name === "stop" ? "danger" : ""} onAct={() => stage.ask({ is: "move", act: name })} />
      ))}
    </div>
  );
}

const MenuAct = ({ icon, words, tone = "", onAct }: { icon: string; words: string; tone?: string; onAct: () => void }) => (
  <button
    type="button"
    className={tone}
    onClick={(event) => {
      event.currentTarget.closest("details")?.removeAttribute("open");
      onAct();
    }}
  >
    <Icon name={icon} />
    {words}
  </button>
);

const closeBehind = (event: React.FocusEvent<HTMLDetailsElement>): void => {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
};
