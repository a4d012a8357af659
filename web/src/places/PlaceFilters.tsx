import { useId } from "react";

import { DISTANCES_KM, type Filters } from "./filters";
import type { Whereabouts } from "./position";
import { categoryInWords, distanceInKm } from "./words";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
  categories: readonly { category: string; count: number }[];
  whereabouts: Whereabouts;
  onAskPosition: () => void;
  onForgetPosition: () => void;
}

const ANYWHERE = "anywhere";
const LONGEST_WORDS = 500;

export function PlaceFilters({
  filters,
  onChange,
  categories,
  whereabouts,
  onAskPosition,
  onForgetPosition,
}: Props) {
  const ids = useId();
  const { state } = whereabouts;
  const isKnown = state === "known";
  // The kind that is chosen stays to be seen, also where none of it is found now.
  const { category: chosen } = filters;
  const isListed = chosen === null || categories.some(({ category }) => category === chosen);
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers know <search> since 2023 only.
    <form
      role="search"
      aria-label="Filters"
      className="place-filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="field filter-words">
        <label htmlFor={`${ids}words`}>What would you like to see?</label>
        <input
          id={`${ids}words`}
          type="search"
          value={filters.words}
          maxLength={LONGEST_WORDS}
          placeholder="quiet gardens, old bridges, a view …"
          onChange={(event) => onChange({ ...filters, words: event.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${ids}distance`}>How far?</label>
        <select
          id={`${ids}distance`}
          value={filters.maxDistanceKm ?? ANYWHERE}
          onChange={({ target: { value } }) =>
            onChange({ ...filters, maxDistanceKm: value === ANYWHERE ? null : Number(value) })
          }
        >
          {DISTANCES_KM.map((km) => (
            <option key={km} value={km}>
              within {distanceInKm(km)}
            </option>
          ))}
          <option value={ANYWHERE}>anywhere</option>
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${ids}category`}>What kind?</label>
        <select
          id={`${ids}category`}
          value={chosen ?? ""}
          onChange={({ target: { value } }) => onChange({ ...filters, category: value || null })}
        >
          <option value="">all kinds</option>
          {!isListed && chosen && <option value={chosen}>{categoryInWords(chosen)} (0)</option>}
          {categories.map(({ category, count }) => (
            <option key={category} value={category}>
              {categoryInWords(category)} ({count})
            </option>
          ))}
        </select>
      </div>
      <div className="filter-position">
        <button
          type="button"
          className="button"
          aria-pressed={isKnown}
          aria-disabled={state === "asking"}
          onClick={isKnown ? onForgetPosition : onAskPosition}
        >
          {state === "asking" ? "Finding you …" : "Around where I am"}
        </button>
        {state === "refused" && (
          <p className="hint" role="alert">
            {whereabouts.why}
          </p>
        )}
      </div>
    </form>
  );
}
