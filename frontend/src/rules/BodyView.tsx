import { useState } from "react";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import type { FoundField } from "./api";
import { fieldsFound } from "./api";
import { filter } from "./blanks";
import { useDesk } from "./desk";
import { FiltersDialog } from "./FiltersDialog";
import { t } from "./messages";
import { NodeView } from "./NodeView";
import type { Added, Offer } from "./offers";
import { conditionsOf, foundOffer } from "./offers";
import { Picker } from "./Picker";
import type { Body, Mode, Path } from "./tree";
import { added, bodyAt, pointer, withMode } from "./tree";

interface Props {
  readonly place: Path;
  readonly about: About;
  readonly addLabel?: string;
}

/** Conditions under one word, and the button that adds one. */
export function BodyView({ place, about, addLabel = t.addCondition }: Props) {
  const { root, isOff } = useDesk();
  const body = bodyAt(root, place);
  return (
    <div className="rb-body">
      {body.items.length > 1 && <ModeChoice body={body} />}
      {body.items.length === 1 && body.mode === "none" && <p className="rb-none">{t.modes.none}</p>}
      <ol className="rb-items">
        {body.items.map((item, index) => (
          <NodeView key={index} path={item.path} rule={item.rule} about={about} joint={index > 0 ? jointOf(body.mode, index) : ""} />
        ))}
      </ol>
      {!isOff && <AddButton body={body} about={about} label={addLabel} />}
    </div>
  );
}

const jointOf = (mode: Mode, index: number): string => (mode === "except" ? (index === 1 ? t.joint.butNot : t.joint.nor) : t.joint[mode]);

export function ModeChoice({ body }: { body: Body }) {
  const { root, edit, isOff } = useDesk();
  const modes: Mode[] = body.items.length > 1 ? ["all", "any", "none", "except"] : ["all", "any", "none"];
  return (
    <select
      className="rb-mode"
      aria-label={t.howTogether}
      value={body.mode}
      disabled={isOff}
      data-mode-of={pointer(body.at)}
      onChange={(event) => edit(withMode(root, body.at, event.target.value as Mode), "none")}
    >
      {modes.map((mode) => (
        <option key={mode} value={mode}>
          {t.modes[mode]}
        </option>
      ))}
    </select>
  );
}

type Open = "" | "conditions" | "filters";

function AddButton({ body, about, label }: { body: Body; about: About; label: string }) {
  const desk = useDesk();
  const [open, setOpen] = useState<Open>("");
  const { library, place, root, client } = desk;
  const take = ({ value }: Offer<Added>) => {
    if (value.add === "filter") {
      setOpen("filters");
      return;
    }
    setOpen("");
    if (value.used) void library.mark(value.used.table, value.used.name, "used");
    desk.edit(added(root, body.at, [value.rule]), "form");
  };
  const more = async (words: string, signal: AbortSignal) => {
    const { fields } = await fieldsFound(client, about.table, words, signal);
    return fields.filter(isFar).map((field) => foundOffer(field, about.table));
  };
  return (
    <>
      <button type="button" className="cv-button small rb-add" data-add={pointer(body.at)} onClick={() => setOpen("conditions")}>
        <Icon name="add" />
        {label}
      </button>
      {open === "conditions" && (
        <Picker
          title={t.addCondition}
          hint={t.addHint}
          offers={conditionsOf(about, place, library)}
          {...(about.table && about.table !== "@file" ? { more } : {})}
          onChoose={take}
          onClose={() => setOpen("")}
        />
      )}
      {open === "filters" && (
        <FiltersDialog
          about={about}
          onRefer={({ slug, parameters }) => {
            setOpen("");
            desk.edit(added(desk.root, body.at, [filter(slug, parameters)]), "form");
          }}
          onCopy={(rule) => {
            setOpen("");
            desk.edit(added(desk.root, body.at, [rule]), "handle");
          }}
          onClose={() => setOpen("")}
        />
      )}
    </>
  );
}

/** What a table lists by itself need not be found again. */
const isFar = ({ many, labels }: FoundField): boolean => many || labels.length > 3;
