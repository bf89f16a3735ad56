import { useMemo, useState } from "react";
import { t } from "../messages";
import { matching } from "../ui/SearchList";
import { useStore, useWatched } from "../ui/context";
import { Icon } from "../ui/Icon";
import { kindOptions } from "../ui/options";

export const DRAGGED = "application/x-tutti-activity";

/** Every activity type there is: clicked it goes behind what is selected, dragged it goes where it is dropped. */
export function Palette() {
  const store = useStore();
  const { known } = useWatched();
  const [words, setWords] = useState("");
  const options = useMemo(() => kindOptions(known, "anywhere"), [known]);
  const found = matching(options, words);
  const groups = [...new Set(found.map(({ group }) => group))];
  const add = (type: string) => {
    const id = store.add(type, store.spotBySelection());
    if (id) store.goTo(id);
  };
  return (
    <aside className="cv-palette" aria-label={t.palette}>
      <div className="cv-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={t.searchActivities}
          placeholder={t.searchActivities}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <div className="cv-palette-list">
        {found.length === 0 && <p className="cv-quiet cv-pad">{t.nothingFound}</p>}
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h2 className="cv-group">{group}</h2>
            {found
              .filter((option) => option.group === group)
              .map((option) => (
                <button
                  key={option.key}
                  type="button"
                  className="cv-kind"
                  title={option.detail}
                  draggable
                  onDragStart={(event) => {
                    event.dataTransfer.setData(DRAGGED, option.key);
                    event.dataTransfer.effectAllowed = "copy";
                  }}
                  onClick={() => add(option.key)}
                >
                  <span className={`cv-glyph tone-${option.tone}`}>
                    <Icon name={option.icon} />
                  </span>
                  {option.label}
                </button>
              ))}
          </section>
        ))}
      </div>
      <p className="cv-palette-help cv-quiet">{t.paletteHelp}</p>
    </aside>
  );
}
