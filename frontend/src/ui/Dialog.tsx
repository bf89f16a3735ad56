import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { t } from "../messages";
import { Icon } from "./Icon";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus in, and gives it back at its end. */
export function Dialog({ title, onClose, className = "", children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`cv-dialog ${className}`}
      aria-label={title}
      onCancel={(event) => {
        // React lets it rise to the dialog from which this one was opened.
        event.stopPropagation();
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="cv-dialog-head">
        <h2>{title}</h2>
        <button type="button" className="cv-icon-button" aria-label={t.close} title={t.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
