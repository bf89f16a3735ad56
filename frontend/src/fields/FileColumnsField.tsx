import { useState } from "react";
import { Refused } from "../api/client";
import { List, named } from "../drawer/compound";
import type { DrawnProps } from "../drawer/Field";
import { useForm } from "../drawer/Field";
import { activityOf } from "../model/document";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import { columnsOf } from "./api";
import { f } from "./messages";

/** The columns of a file: read from the file that stands beside them, then corrected by hand. */
export function FileColumnsField(props: DrawnProps) {
  const store = useStore();
  const { around, isOff } = useForm();
  const [said, setSaid] = useState("");
  const [isBusy, setBusy] = useState(false);
  const config = named(activityOf(around.document, around.id)?.config);
  const slug = named(config["source"])["file"];
  const read = async (file: string) => {
    setBusy(true);
    try {
      const { format, columns } = await columnsOf(store.client, file, config["format"]);
      const present = named(activityOf(store.document, around.id)?.config);
      store.configure(around.id, { ...present, format, columns: [...columns] }, props.place);
      setSaid(f.columnsRead(columns.length));
    } catch (error) {
      setSaid(error instanceof Refused ? error.message : f.readFailed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="cv-field">
      {!isOff && (
        <button type="button" className="cv-button small" disabled={typeof slug !== "string" || slug === ""} aria-busy={isBusy} onClick={() => typeof slug === "string" && !isBusy && void read(slug)}>
          <Icon name="table_view" />
          {isBusy ? f.reading : f.readColumns}
        </button>
      )}
      {!isOff && !slug && <p className="cv-help">{f.chooseFirst}</p>}
      <p className="cv-help" role="status">
        {said}
      </p>
      <List {...props} />
    </div>
  );
}
