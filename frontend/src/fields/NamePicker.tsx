// Loaded when somebody wants to choose: what can be named at this place of the settings.
import { useEffect, useState } from "react";
import { useForm } from "../drawer/Field";
import { activityOf } from "../model/document";
import type { Node } from "../model/schema";
import { fieldsFound } from "../rules/api";
import type { Place } from "../rules/api";
import { useLibrary } from "../rules/library";
import { t } from "../rules/messages";
import type { Offer } from "../rules/offers";
import { attributesOf, collectionsOf, iconOf } from "../rules/offers";
import { Picker } from "../rules/Picker";
import { useStore } from "../ui/context";
import { rowsNamed } from "./places";

interface Props {
  readonly kind: "attribute" | "link";
  readonly node: Node;
  readonly place: string;
  readonly onChoose: (name: string) => void;
  readonly onClose: () => void;
}

export default function NamePicker({ kind, node, place: where, onChoose, onClose }: Props) {
  const { client } = useStore();
  const { around } = useForm();
  const library = useLibrary(client);
  const place = usePlace();
  const config = activityOf(around.document, around.id)?.config ?? {};
  const about = place ? (rowsNamed(node, config, where, place, library.table) ?? null) : null;
  const table = kind === "link" ? (place?.table ?? "") : (about?.table ?? "");
  const offers: Offer<{ readonly name: string }>[] = kind === "link" ? collectionsOf(table, library.table) : about ? attributesOf(about, library) : [];
  const more = async (words: string, signal: AbortSignal): Promise<Offer<{ readonly name: string }>[]> => {
    const { fields } = await fieldsFound(client, table, words, signal);
    return fields
      .filter(({ many, labels }) => !many && labels.length > 0)
      .map((each) => ({ key: each.attribute, label: each.label, detail: `${each.labels.join(" → ")} · ${each.attribute}`, icon: iconOf(each.type), group: t.found, value: { name: each.attribute } }));
  };
  return (
    <Picker
      title={kind === "link" ? t.chooseRows : t.chooseAttribute}
      hint={kind === "link" ? t.rowsHint : t.attributeHint}
      offers={offers}
      {...(kind === "attribute" && table && !table.startsWith("@") ? { more } : {})}
      onChoose={({ value }) => onChoose(value.name)}
      onClose={onClose}
    />
  );
}

function usePlace(): Place | null {
  const { client } = useStore();
  const { around } = useForm();
  const library = useLibrary(client);
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    let isGone = false;
    library.place(around.document, around.id).then(
      (found) => !isGone && setPlace(found),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [library, around.document, around.id]);
  return place;
}
