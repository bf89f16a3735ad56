import { t } from "../messages";
import type { Alignment } from "../model/aligning";
import { useStore, useWatched } from "./context";
import { ToolButton } from "./ToolButton";

/** The letter, with Shift, and the picture of each. */
export const ALIGNMENTS: readonly (readonly [Alignment, string, string])[] = [
  ["left", "L", "align_horizontal_left"],
  ["centre", "C", "align_horizontal_center"],
  ["right", "R", "align_horizontal_right"],
  ["top", "T", "align_vertical_top"],
  ["middle", "M", "align_vertical_center"],
  ["bottom", "B", "align_vertical_bottom"],
  ["across", "H", "horizontal_distribute"],
  ["down", "V", "vertical_distribute"],
];

export const alignmentOf = (key: string): Alignment | undefined => ALIGNMENTS.find(([, letter]) => letter === key)?.[0];

/** How several are brought into line; only on the canvas, where it is seen. */
export function Alignments() {
  const store = useStore();
  const { view } = useWatched();
  if (view !== "canvas" || !store.canAlign("left")) return null;
  return (
    <div className="cv-alignments" role="group" aria-label={t.align}>
      {ALIGNMENTS.map(([alignment, key, icon]) => (
        <ToolButton
          key={alignment}
          icon={icon}
          label={t.alignment[alignment]}
          keys={`Shift+${key}`}
          isOff={!store.canAlign(alignment)}
          onClick={() => store.align(alignment)}
        />
      ))}
    </div>
  );
}
