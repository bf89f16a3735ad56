import { useId, useState } from "react";
import type { ReactNode } from "react";
import { useStore } from "../ui/context";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { ActButton } from "./Acts";
import { useStage, useStaged } from "./context";
import { r } from "./messages";

/** More people than this are not acted on by a click alone; the admin's own pages ask for the same. */
export const MOST_WITHOUT_TYPING = 10_000;

interface Props {
  readonly title: string;
  readonly act: string;
  readonly icon: string;
  readonly tone?: string;
  readonly people?: number;
  readonly children: ReactNode;
  readonly onAct: () => void;
}

/** What follows from an act, and the act. */
export function Confirm({ title, act, icon, tone = "primary", people = 0, children, onAct }: Props) {
  const stage = useStage();
  const { told } = useStore();
  const { acting, refused } = useStaged();
  const [typed, setTyped] = useState("");
  const id = useId();
  const mustType = people > MOST_WITHOUT_TYPING;
  const isOff = acting !== null || (mustType && typed.trim() !== told.name);
  const close = () => stage.ask(null);
  return (
    <Dialog title={title} onClose={close} className="cv-confirm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isOff) onAct();
        }}
      >
        <div className="cv-dialog-body">
          {children}
          {mustType && (
            <div className="cv-field">
              <label htmlFor={id}>{r.typeName(told.name)}</label>
              <input id={id} type="text" value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
            </div>
          )}
          {refused && (
            <p className="bad cv-refused" role="alert">
              <Icon name="block" />
              <span>
                {r.refusedAct} {refused}
              </span>
            </p>
          )}
        </div>
        <footer className="cv-dialog-acts">
          <button type="button" className="cv-button" onClick={close}>
            {r.cancel}
          </button>
          <ActButton icon={icon} tone={tone} words={act} isBusy={acting !== null} isOff={isOff} onClick={onAct} />
        </footer>
      </form>
    </Dialog>
  );
}
