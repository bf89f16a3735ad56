import type { Problem } from "../api/client";
import { t } from "../messages";
import { useStore } from "./context";
import { endOf, pageOf } from "./pages";

interface Props {
  readonly problem: Problem;
  readonly onGo: (activity: string, path: string) => void;
}

/** The way to where a problem is: on the canvas, or on the page of the admin that has its form. */
export function GoTo({ problem, onGo }: Props) {
  const store = useStore();
  const { path } = problem;
  const activity = problem.activity ?? endOf(path, store.document);
  const page = pageOf(problem, store.told.pages);
  if (activity)
    return (
      <button type="button" className="cv-button small" onClick={() => onGo(activity, path)}>
        {t.goTo}
      </button>
    );
  if (!page) return null;
  return (
    <a
      className="cv-button small"
      href={page}
      onClick={(event) => {
        event.preventDefault();
        // The page shows what is saved.
        void store.flush().then((isSaved) => isSaved && window.location.assign(page));
      }}
    >
      {t.goTo}
    </a>
  );
}
