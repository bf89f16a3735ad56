import { useEffect, useState } from "react";
import { Refused } from "../api/client";
import type { Json } from "../model/document";
import { Icon } from "../ui/Icon";
import type { About } from "./about";
import type { SavedFilter } from "./api";
import { appliedFilter, filtersOf, likeFilter, savedFilter } from "./api";
import { firstValues, slugOf } from "./blanks";
import { useDesk } from "./desk";
import { withMember } from "./operands";
import { ParameterForm } from "./OtherForms";
import type { Rule } from "./tree";
import { Layer } from "./Layer";
import { t } from "./messages";

interface Props {
  readonly about: About;
  readonly onRefer: (filter: SavedFilter) => void;
  readonly onCopy: (rule: Json) => void;
  readonly onClose: () => void;
}

/** Saved filters of the table: referred to, so that they stay one, or copied, to be changed. Favourites come first. */
export function FiltersDialog({ about, onRefer, onCopy, onClose }: Props) {
  const { table } = about;
  const { client, library } = useDesk();
  const [words, setWords] = useState("");
  const [filters, setFilters] = useState<readonly SavedFilter[] | null>(null);
  const [wrong, setWrong] = useState("");
  const [asking, setAsking] = useState("");
  useEffect(() => {
    const own = new AbortController();
    const timer = setTimeout(() => {
      filtersOf(client, table, words.trim(), own.signal).then(setFilters, () => !own.signal.aborted && setWrong(t.noAnswer));
    }, words ? 250 : 0);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
  }, [client, table, words]);

  const failed = (error: unknown) => setWrong(error instanceof Refused ? error.message : t.noAnswer);
  const apply = (filter: SavedFilter, values: Rule) => appliedFilter(client, filter.slug, values).then(onCopy, failed);
  const copy = (filter: SavedFilter) => (filter.parameters.length > 0 ? setAsking(filter.slug) : void apply(filter, {}));
  const refer = (filter: SavedFilter) => {
    library.learn(filter);
    onRefer(filter);
  };
  const like = (filter: SavedFilter) =>
    likeFilter(client, filter.slug, !filter.favourite).then(
      () => setFilters((all) => all?.map((each) => (each.slug === filter.slug ? { ...each, favourite: !each.favourite } : each)) ?? null),
      failed,
    );
  const sorted = [...(filters ?? [])].sort((one, other) => Number(other.favourite) - Number(one.favourite));

  return (
    <Layer title={t.savedFilters} onClose={onClose} className="cv-chooser rb-filters">
      <div className="cv-search">
        <Icon name="search" />
        <input autoFocus type="text" aria-label={t.searchFilters} placeholder={t.searchFilters} value={words} onChange={(event) => setWords(event.target.value)} />
      </div>
      <div className="rb-filters-list" aria-busy={filters === null}>
        {wrong && (
          <p className="rb-notice" role="alert">
            {wrong}
          </p>
        )}
        {filters?.length === 0 && <p className="cv-quiet cv-pad">{words ? t.nothingFound : t.noFilters}</p>}
        <ul>
          {sorted.map((filter) => (
            <li key={filter.slug}>
              <button
                type="button"
                className="cv-icon-button"
                aria-pressed={filter.favourite}
                aria-label={t.favouriteFilter(filter.label)}
                title={t.favouriteFilter(filter.label)}
                onClick={() => void like(filter)}
              >
                <Icon name={filter.favourite ? "star" : "star_border"} />
              </button>
              <div>
                <strong>{filter.label}</strong> {!filter.shared && <span className="cv-chip">{t.private}</span>}
                {filter.description && <p className="cv-quiet">{filter.description}</p>}
              </div>
              <button type="button" className="cv-button small" disabled={!filter.shared} title={filter.shared ? t.referHelp : t.privateHelp} onClick={() => refer(filter)}>
                {t.refer}
              </button>
              <button type="button" className="cv-button small" title={t.copyHelp} aria-expanded={filter.parameters.length > 0 ? asking === filter.slug : undefined} onClick={() => copy(filter)}>
                {t.copyConditions}
              </button>
              {asking === filter.slug && <Values filter={filter} about={about} onApply={(values) => void apply(filter, values)} />}
            </li>
          ))}
        </ul>
      </div>
    </Layer>
  );
}

/** Values for the parameters of a filter whose conditions are copied; the copy has them written in. */
function Values({ filter, about, onApply }: { filter: SavedFilter; about: About; onApply: (values: Rule) => void }) {
  const [values, setValues] = useState<Rule>(() => firstValues(filter.parameters));
  const take = (name: string, value: Json | undefined) => setValues((before) => withMember(before, name, value));
  return (
    <div className="rb-editor rb-filter-values" role="group" aria-label={filter.label}>
      {filter.parameters.map((parameter) => (
        <ParameterForm
          key={parameter.name}
          parameter={parameter}
          path={[parameter.name]}
          about={about}
          value={values[parameter.name]}
          onSet={(value) => take(parameter.name, value)}
          onTyped={(value) => take(parameter.name, value)}
        />
      ))}
      <button type="button" className="cv-button small primary" onClick={() => onApply(values)}>
        {t.copyWithValues}
      </button>
    </div>
  );
}

/** Keeps a condition or a group under a name, for oneself or for all. */
export function SaveFilterDialog({ rule, table, onClose }: { rule: Json; table: string; onClose: () => void }) {
  const { client } = useDesk();
  const [label, setLabel] = useState("");
  const [isShared, setShared] = useState(false);
  const [wrong, setWrong] = useState("");
  const [isDone, setDone] = useState(false);
  const save = () => {
    if (label.trim() === "") {
      setWrong(t.nameFirst);
      return;
    }
    savedFilter(client, { slug: slugOf(label), label: label.trim(), table, rule, shared: isShared }).then(
      () => setDone(true),
      (error: unknown) => setWrong(error instanceof Refused ? whyNot(error) : t.noAnswer),
    );
  };
  return (
    <Layer title={t.saveFilter} onClose={onClose}>
      {isDone ? (
        <div className="rb-dialog-body">
          <p role="status">{t.filterSaved(label.trim())}</p>
          <button type="button" className="cv-button primary" autoFocus onClick={onClose}>
            {t.done}
          </button>
        </div>
      ) : (
        <div className="rb-dialog-body">
          <label className="cv-field">
            <span>{t.filterName}</span>
            <input
              type="text"
              maxLength={200}
              value={label}
              onChange={(event) => setLabel(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                event.preventDefault();
                save();
              }}
            />
          </label>
          <label className="cv-check">
            <input type="checkbox" checked={isShared} onChange={(event) => setShared(event.target.checked)} />
            {t.shareFilter}
          </label>
          {wrong && (
            <p className="rb-fault" role="alert">
              {wrong}
            </p>
          )}
          <button type="button" className="cv-button primary" onClick={save}>
            {t.save}
          </button>
        </div>
      )}
    </Layer>
  );
}

const whyNot = (error: Refused): string => {
  const [first] = error.details.problems ?? [];
  return first ? `${first.message} ${first.remedy}` : error.message;
};
