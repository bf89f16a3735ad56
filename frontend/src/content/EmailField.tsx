import { lazy, Suspense, useState } from "react";
import { createPortal } from "react-dom";
import type { DrawnProps } from "../drawer/Field";
import { ProblemTexts, useForm } from "../drawer/Field";
import { named } from "../drawer/compound";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import { FIELDS, textOf } from "./content";
import "./content.css";
import { Frame } from "./Frame";
import { Inbox } from "./Inbox";
import { Late } from "./Late";
import { c } from "./messages";
import { usePreview } from "./preview";

const loadEditor = () => lazy(() => import("./ContentEditor"));

/** In the drawer: how the e-mail looks in an inbox, a small picture of it, and the way into the editor. */
export function EmailField({ name, value, place, findings, onChange, isRequired }: DrawnProps) {
  const store = useStore();
  const { around, isOff } = useForm();
  const [isOpen, setOpen] = useState(false);
  const [ContentEditor, setEditor] = useState(loadEditor);
  const content = named(value);
  const spot = { slug: store.told.slug, document: around.document, activity: around.id };
  const isWritten = FIELDS.some((field) => textOf(content, field).trim() !== "");
  const { shown } = usePreview(spot, content, "", isWritten && !isOpen);
  const root = document.querySelector(".cv");
  const close = () => {
    setOpen(false);
    store.settle();
  };
  const closeFailed = () => {
    close();
    setEditor(loadEditor);
  };
  return (
    <div className={`cv-field ct-field ${findings.length > 0 ? "has-problem" : ""}`} role="group" aria-label={name}>
      <span className="ct-name">
        {name}
        {isRequired && <span className="cv-required" />}
      </span>
      {isWritten ? (
        <div className="ct-card" onClick={() => setOpen(true)}>
          <Inbox shown={shown} subject={textOf(content, "subject")} preheader={textOf(content, "preheader")} />
          {shown && (
            <div className="ct-thumb" inert>
              <Frame html={shown.html} isDark={false} title={c.frameTitle} />
            </div>
          )}
        </div>
      ) : (
        <p className="cv-help">{c.nothingYet}</p>
      )}
      <button type="button" className="cv-button primary" onClick={() => setOpen(true)}>
        <Icon name={isOff ? "visibility" : "edit"} />
        {isOff ? c.look : c.edit}
      </button>
      <ProblemTexts problems={findings.map(({ problem }) => problem)} />
      {isOpen &&
        root &&
        createPortal(
          <Late onClose={closeFailed}>
            <Suspense fallback={<Waiting />}>
              <ContentEditor {...{ content, place, findings, isOff, spot, onChange }} onClose={close} />
            </Suspense>
          </Late>,
          root,
        )}
    </div>
  );
}

const Waiting = () => (
  <p className="ct-late" role="status">
    {c.loading}
  </p>
);
