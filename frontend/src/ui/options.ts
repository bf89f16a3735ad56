// What choosers offer: activity types by category, and the activities of the drawing.
import { t } from "../messages";
import type { CampaignDocument } from "../model/document";
import { activitiesOf } from "../model/document";
import { outlineOrder } from "../model/graph";
import type { Kind, Known } from "../model/kinds";
import { kindOf, titleOf } from "../model/kinds";
import { beginning, LONGEST_NOTE, noteKeys, noteOf } from "../model/notes";
import type { Entry } from "./SearchList";

export const categoryLabel = (category: string): string => t.category[category] ?? category;

/** All types; those to which something may lead; or, for an empty drawing, first those that select people out of nothing. */
export const kindOptions = (known: Known, where: "anywhere" | "behind" | "first"): Entry[] =>
  [...known.kinds.values()]
    .filter((kind) => where !== "behind" || kind.inbound_max !== 0)
    .sort((one, other) => (where === "first" ? Number(begins(other)) - Number(begins(one)) : 0))
    .map((kind) => ({
      key: kind.name,
      label: kind.label,
      detail: kind.description,
      icon: kind.icon,
      group: where === "first" && begins(kind) ? t.toBeginWith : categoryLabel(kind.category),
      tone: kind.category,
    }));

/** Whether it needs nobody before it and people leave it. */
const begins = (kind: Kind): boolean => kind.inbound_min === 0 && kind.law === "source";

export function activityOptions(known: Known, document: CampaignDocument): Entry[] {
  const activities = new Map(activitiesOf(document).map((activity) => [activity.id, activity]));
  return outlineOrder(document).flatMap((id) => {
    const activity = activities.get(id);
    if (!activity) return [];
    const kind = kindOf(known, activity);
    return {
      key: id,
      label: titleOf(known, activity),
      detail: `${kind?.label ?? activity.type} · ${id}`,
      icon: kind?.icon ?? "help",
      group: "",
      tone: kind?.category ?? "",
    };
  });
}

/** Notes, by how they begin; whatever they say can be looked for. */
export const noteOptions = (document: CampaignDocument): Entry[] =>
  noteKeys(document).map((key) => {
    const text = noteOf(document, key)?.text ?? "";
    return { key, label: beginning(text) || t.noteEmpty, detail: beginning(text, LONGEST_NOTE).slice(beginning(text).length - 1), icon: "sticky_note_2", group: t.notes };
  });
