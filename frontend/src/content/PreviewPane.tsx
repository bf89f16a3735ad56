import { useState } from "react";
import type { Problem } from "../api/client";
import { ProofPanel } from "../proofs/ProofPanel";
import { Icon } from "../ui/Icon";
import type { ShownEmail, Spot } from "./api";
import type { BodyName, FieldName, Written } from "./content";
import { bodyIn, FIELDS, textOf } from "./content";
import type { Found } from "./ContentEditor";
import { Frame } from "./Frame";
import { Inbox } from "./Inbox";
import { c } from "./messages";
import type { Previewed } from "./preview";
import { nameOf, usePeople, WhoBar } from "./Who";

interface Props {
  readonly content: Written;
  readonly spot: Spot;
  readonly previewed: Previewed;
  readonly problems: Found;
  readonly recipient: string;
  readonly goTo: (field: FieldName, line: number) => void;
  readonly onRecipient: (key: string) => void;
}

type View = "message" | "text" | "links" | "proof";

export function PreviewPane({ content, spot, previewed, problems, recipient, goTo, onRecipient }: Props) {
  const [view, setView] = useState<View>("message");
  const [isNarrow, setNarrow] = useState(false);
  const [isDark, setDark] = useState(false);
  const who = usePeople(spot);
  const { shown } = previewed;
  const views: readonly (readonly [View, string])[] = [
    ["message", c.message],
    ["text", c.textTab],
    ["links", shown ? c.links(shown.links.length) : c.linksTab],
    ["proof", c.proofTab],
  ];
  return (
    <section className="ct-preview" aria-label={c.preview} aria-busy={previewed.isBusy}>
      <div className="ct-tools">
        <WhoBar {...{ who, spot, recipient, onRecipient }} key_={shown?.recipient ?? null} />
        <span className="cv-space" />
        <div className="cv-switch" role="group" aria-label={c.width}>
          <IconSwitch icon="desktop_windows" name={c.desktop} isOn={!isNarrow} onClick={() => setNarrow(false)} />
          <IconSwitch icon="smartphone" name={c.mobile} isOn={isNarrow} onClick={() => setNarrow(true)} />
        </div>
        <div className="cv-switch">
          <IconSwitch icon="dark_mode" name={c.dark} help={c.darkHelp} isOn={isDark} onClick={() => setDark(!isDark)} />
        </div>
      </div>
      <div className="ct-inbox-line">
        <Inbox shown={shown} subject={textOf(content, "subject")} preheader={textOf(content, "preheader")} />
        <span className="ct-updating" role="status">
          {previewed.isBusy ? c.updating : ""}
        </span>
      </div>
      <div className="ct-tools ct-views">
        <div className="cv-switch" role="group" aria-label={c.shownAs}>
          {views.map(([each, name]) => (
            <button key={each} type="button" aria-pressed={view === each} onClick={() => setView(each)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <Notes shown={shown} isMessage={view === "message"} />
      <div className={`ct-stage ${view}`}>
        {!shown && view !== "proof" && previewed.isBusy && <p className="ct-wait">{c.updating}</p>}
        {view === "message" && shown && (
          <div className={`ct-sheet ${isNarrow ? "narrow" : ""} ${isDark ? "dark-mail" : ""}`}>
            <Frame html={shown.html} isDark={isDark} title={c.frameTitle} />
          </div>
        )}
        {view === "text" && shown && <TextPart shown={shown} />}
        {view === "links" && shown && <Links shown={shown} body={bodyIn(content)} goTo={goTo} />}
        {view === "proof" && <ProofPanel message={spot} medium="email" recipient={recipient} name={nameOf(who, shown?.recipient ?? "")} hasErrors={hasErrors(problems)} />}
      </div>
      <Troubles previewed={previewed} goTo={goTo} />
    </section>
  );
}

const hasErrors = (problems: Found): boolean => [...FIELDS.map((field) => problems[field]), problems.around].flat().some(({ severity }) => severity === "error");

const IconSwitch = ({ icon, name, help = name, isOn, onClick }: { icon: string; name: string; help?: string; isOn: boolean; onClick: () => void }) => (
  <button type="button" aria-pressed={isOn} aria-label={name} title={help} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

/** Why what is shown is not what is written. */
function Troubles({ previewed, goTo }: { previewed: Previewed; goTo: Props["goTo"] }) {
  const { problems, shown, isUnreachable } = previewed;
  if (isUnreachable) return <p className="ct-trouble warn" role="alert">{c.unreachable}</p>;
  if (problems.length === 0) return null;
  return (
    <div className="ct-trouble bad" role="alert">
      {shown && <p>{c.notUpdated}</p>}
      <ul>
        {problems.slice(0, 3).map((problem, number) => (
          <Trouble key={number} problem={problem} goTo={goTo} />
        ))}
      </ul>
    </div>
  );
}

function Trouble({ problem, goTo }: { problem: Problem; goTo: Props["goTo"] }) {
  const field = FIELDS.find((each) => problem.path.endsWith(`/${each}`));
  const line = problem.line ?? 1;
  return (
    <li>
      <span>
        {problem.message} {problem.remedy}
      </span>
      {field && (
        <button type="button" className="cv-button small" aria-label={c.goToLine(c.field[field], line)} onClick={() => goTo(field, line)}>
          {c.line(line)}
        </button>
      )}
    </li>
  );
}

function Notes({ shown, isMessage }: { shown: ShownEmail | null; isMessage: boolean }) {
  if (!shown) return null;
  const hasPictures = isMessage && /<img[^>]+src\s*=\s*["']?https?:/i.test(shown.html);
  return (
    <>
      {shown.recipient === null && <p className="ct-note">{c.nobody}</p>}
      {shown.recipient === "" && <p className="ct-note">{c.masked}</p>}
      {shown.examples.length > 0 && <p className="ct-note">{c.examples(shown.examples.join(", "))}</p>}
      {hasPictures && <p className="ct-note">{c.imagesHelp}</p>}
    </>
  );
}

const TextPart = ({ shown }: { shown: ShownEmail }) => (
  <div className="ct-text">
    <p className="cv-help">{shown.text_is_derived ? c.textDerived : c.textOwn}</p>
    <pre tabIndex={0} aria-label={c.field.text}>
      {shown.text}
    </pre>
  </div>
);

function Links({ shown, body, goTo }: { shown: ShownEmail; body: BodyName; goTo: Props["goTo"] }) {
  if (shown.links.length === 0) return <p className="cv-help cv-pad">{c.noLinks}</p>;
  return (
    <div className="ct-links">
      <p className="cv-help">{c.linksHelp}</p>
      <ol>
        {shown.links.map((link) => (
          <li key={link.number}>
            <span>
              <strong>{link.label}</strong>
              <code>{link.url}</code>
            </span>
            <button type="button" className="cv-button small" aria-label={c.goToLine(c.field[body], link.line)} onClick={() => goTo(body, link.line)}>
              {c.line(link.line)}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

