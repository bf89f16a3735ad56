import { useId, useState } from "react";
import type { DrawnProps } from "../drawer/Field";
import { text } from "../model/schema";
import { Icon } from "../ui/Icon";
import { DeskContext } from "./desk";
import { FullDialog } from "./FullDialog";
import { t } from "./messages";
import { RuleEditor } from "./RuleEditor";
import { Summary } from "./Summary";
import { useRule } from "./useRule";

/** A rule in the drawer: its sentence and count, its conditions in little, and the way to the large editor. */
export function RuleField(props: DrawnProps) {
  const opened = useRule(props);
  const { desk, about } = opened;
  const id = useId();
  const [isFull, setFull] = useState(false);
  const help = text(props.field.node["description"]);
  return (
    <DeskContext.Provider value={desk}>
      <div className="rb-field" role="group" aria-labelledby={id} data-rule={props.place}>
        <div className="rb-field-head">
          <span id={id} className="rb-name">
            {props.name}
          </span>
          <button type="button" className="cv-button small" aria-haspopup="dialog" onClick={() => setFull(true)}>
            <Icon name="open_in_full" />
            {desk.isOff ? t.showInFull : t.editInFull}
          </button>
        </div>
        {help && <p className="cv-help">{help}</p>}
        <Summary about={about} />
        <RuleEditor {...opened} />
      </div>
      {isFull && <FullDialog {...opened} name={props.name} onClose={() => setFull(false)} />}
    </DeskContext.Provider>
  );
}
