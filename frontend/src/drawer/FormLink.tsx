import { t } from "../messages";
import { useStore } from "../ui/context";
import { Icon } from "../ui/Icon";
import { goTo } from "../ui/Leaving";
import { useForm } from "./Field";

/** The admin's own editor of this activity; it shows what is saved, so that comes first. */
export function FormLink({ label = t.openForm }: { label?: string }) {
  const store = useStore();
  const { around } = useForm();
  const href = store.told.form.replace("ID", around.id);
  return (
    <a
      className="cv-button small"
      href={href}
      title={t.openFormHelp}
      onClick={(event) => {
        event.preventDefault();
        void goTo(store, href);
      }}
    >
      <Icon name="open_in_new" />
      {label}
    </a>
  );
}
