import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import { useDesk } from "./desk";
import { SaveFilterDialog } from "./FiltersDialog";
import { t } from "./messages";
import type { Act } from "./rowKeys";
import { act } from "./rowKeys";
import type { Path } from "./tree";
import { at, mayOutdent, seatOf } from "./tree";

interface Props {
  readonly path: Path;
  readonly about: About;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

interface Choice {
  readonly label: string;
  readonly icon: string;
  readonly keys: string;
  readonly isOff?: boolean;
  readonly take: () => void;
}

/** The handle of a condition, and everything one can do with it as a whole. */
export function RowMenu({ path, about, isOpen, onOpen }: Props) {
  const desk = useDesk();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [isSaving, setSaving] = useState(false);
  useEffect(() => {
    if (isOpen) frame.current?.querySelector<HTMLElement>("[role^=menuitem]:not(:disabled)")?.focus();
  }, [isOpen]);
  if (desk.isOff) return null;
  const choices = choicesFor(desk, path, about, () => setSaving(true));
  const close = (isFocused: boolean) => {
    onOpen(false);
    if (isFocused) frame.current?.querySelector<HTMLElement>(".rb-handle")?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!isOpen) return;
    const items = [...(frame.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? [])];
    const now = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "ArrowDown") items[(now + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items[(now - 1 + items.length) % items.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="rb-menu" ref={frame} onKeyDown={onKeyDown} onBlur={(event) => isOpen && !frame.current?.contains(event.relatedTarget) && close(false)}>
      <Handle isOpen={isOpen} id={id} label={t.conditionMenu} onToggle={() => onOpen(!isOpen)} />
      {isOpen && (
        <div className="rb-menu-list" role="menu" id={id} aria-label={t.conditionMenu}>
          {choices.map(({ label, icon, keys, isOff, take }) => (
            <button
              key={label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              disabled={isOff}
              onClick={() => {
                close(true);
                take();
              }}
            >
              <Icon name={icon} />
              <span>{label}</span>
              {keys && <kbd>{keys}</kbd>}
            </button>
          ))}
        </div>
      )}
      {isSaving && <SaveFilterDialog rule={at(desk.root, path) ?? null} table={about.table} onClose={() => setSaving(false)} />}
    </div>
  );
}

function choicesFor(desk: ReturnType<typeof useDesk>, path: Path, about: About, save: () => void): Choice[] {
  const seat = seatOf(desk.root, path);
  const last = (seat?.body.items.length ?? 1) - 1;
  const way = (what: Act, icon: string, keys: string, isOff = false): Choice => ({ label: t.acts[what], icon, keys, isOff, take: () => act(desk, path, what) });
  return [
    way("up", "arrow_upward", "Alt ↑", (seat?.index ?? 0) === 0),
    way("down", "arrow_downward", "Alt ↓", (seat?.index ?? 0) >= last),
    way("in", "format_indent_increase", "Alt →"),
    way("out", "format_indent_decrease", "Alt ←", !mayOutdent(desk.root, path)),
    way("wrap", "account_tree", "G"),
    way("duplicate", "content_copy", "D"),
    ...liking(desk, path, about),
    { label: t.saveFilter, icon: "bookmark_add", keys: "", isOff: !about.table, take: save },
    way("remove", "delete", "Del"),
  ];
}

/** Whoever likes an attribute finds it first. */
function liking({ library, root, notify }: ReturnType<typeof useDesk>, path: Path, about: About): Choice[] {
  const rule = at(root, path);
  const name = typeof rule === "object" && rule !== null && !Array.isArray(rule) ? rule["attribute"] : undefined;
  const isConditon = typeof name === "string" && name !== "" && !name.startsWith("@") && (rule as { kind?: unknown }).kind === "condition";
  if (!isConditon) return [];
  const isLiked = library.isLiked(about.table, name);
  return [
    {
      label: isLiked ? t.unlike : t.like,
      icon: isLiked ? "heart_minus" : "favorite",
      keys: "",
      take: () => void library.mark(about.table, name, isLiked ? "unliked" : "liked").then(notify),
    },
  ];
}

const Handle = ({ isOpen, label, id, onToggle }: { isOpen: boolean; label: string; id: string; onToggle: () => void }) => (
  <button type="button" className="cv-icon-button small rb-handle" aria-haspopup="menu" aria-expanded={isOpen} aria-controls={id} aria-label={label} title={label} onClick={onToggle}>
    <Icon name="more_vert" />
  </button>
);
