import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Icon } from "../ui/Icon";
import { r } from "./messages";

interface DrawnProps {
  readonly title: string;
  readonly detail: string;
  readonly icon: string;
  readonly tone: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The frame of what is told beside the drawing. */
export function Drawn({ title, detail, icon, tone, onClose, children }: DrawnProps) {
  const frame = useRef<HTMLElement>(null);
  // Whoever opens it by keys reads on in it; Escape leads back to where they were.
  useEffect(() => frame.current?.focus(), []);
  return (
    <aside className="cv-drawer cv-run-drawer" ref={frame} tabIndex={-1} aria-label={title}>
      <header>
        <span className={`cv-glyph tone-${tone}`}>
          <Icon name={icon} />
        </span>
        <div>
          <h2>{title}</h2>
          <p className="cv-quiet">{detail}</p>
        </div>
        <button type="button" className="cv-icon-button" aria-label={r.close} title={r.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="cv-form">{children}</div>
    </aside>
  );
}
