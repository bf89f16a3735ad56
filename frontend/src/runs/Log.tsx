import { useState } from "react";
import { useStore } from "../ui/context";
import type { LogEntry, Page } from "./api";
import { askLog, nextPage } from "./api";
import { useLoaded } from "./context";
import { r } from "./messages";
import { moment } from "./words";

/** What the engine and people did, newest first. */
export function Log({ run, activity, mark }: { run: number; activity: string; mark: string }) {
  const { client } = useStore();
  const first = useLoaded((signal) => askLog(client, run, activity, signal), `${run} ${activity} ${mark}`);
  const [later, setLater] = useState<{ readonly of: Page<LogEntry>; readonly page: Page<LogEntry> } | null>(null);
  if (!first.value) return <p className="cv-quiet">{first.hasFailed ? r.notLoadedPart : r.acting}</p>;
  const more = later?.of === first.value ? later.page : null;
  const rows = [...first.value.rows, ...(more?.rows ?? [])];
  const next = (more ?? first.value).next;
  const load = async (path: string, of: Page<LogEntry>) => {
    const page = await nextPage<LogEntry>(client, path).catch(() => null);
    if (page) setLater({ of, page: { rows: [...(more?.rows ?? []), ...page.rows], next: page.next } });
  };
  if (rows.length === 0) return <p className="cv-quiet">{r.emptyLog}</p>;
  return (
    <>
      <ol className="cv-log">
        {rows.map((entry) => (
          <li key={entry.id} className={entry.level}>
            <time dateTime={entry.at}>{moment(entry.at)}</time>
            <p>
              <strong>{entry.words}</strong>
              {entry.actor && <span className="cv-quiet"> {r.startedBy(entry.actor)}</span>}
            </p>
            {entry.detail.length > 0 && <p className="cv-quiet">{entry.detail.map(({ name, value }) => `${name}: ${value}`).join(" · ")}</p>}
          </li>
        ))}
      </ol>
      {next !== null && (
        <button type="button" className="cv-button small" onClick={() => first.value && void load(next, first.value)}>
          {r.more}
        </button>
      )}
    </>
  );
}
