import { t } from "../messages";
import { activityOf } from "../model/document";
import { useStore } from "./context";
import { LabelInput } from "./LabelInput";

/** What an activity is called; without a label, as its type is. */
export function TitleInput({ id, title }: { id: string; title: string }) {
  const store = useStore();
  return <LabelInput of={id} name={t.rename} label={activityOf(store.document, id)?.label ?? ""} placeholder={title} />;
}
