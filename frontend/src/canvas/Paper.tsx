import type { NodeProps } from "@xyflow/react";
import { NodeResizeControl } from "@xyflow/react";
import { memo } from "react";
import { t } from "../messages";
import { LEAST_SIDE, MOST_SIDE } from "../model/notes";
import { useStore } from "../ui/context";
import { NoteInput } from "../ui/NoteInput";
import type { PaperNode } from "./papers";

/** One note, written where it lies; its corner makes it larger or smaller. */
export const Paper = memo(function Paper({ id, data, selected }: NodeProps<PaperNode>) {
  const store = useStore();
  return (
    <div className={`cv-paper ${selected ? "is-selected" : ""}`} onDoubleClick={() => data.mayEdit && store.startRenaming(id)}>
      {data.writing ? <NoteInput of={id} text={data.text} /> : <p className={data.text ? "" : "cv-quiet"}>{data.text || t.noteEmpty}</p>}
      {data.mayEdit && selected && (
        <NodeResizeControl
          position="bottom-right"
          className="cv-paper-corner"
          minWidth={LEAST_SIDE}
          minHeight={LEAST_SIDE}
          maxWidth={MOST_SIDE}
          maxHeight={MOST_SIDE}
          onResizeEnd={(_event, { width, height }) => store.sizeNote(id, [width, height])}
        />
      )}
    </div>
  );
});
