// Nothing to show: what that means, and what to do about it.
import type { UnresolvedName } from "../api/models";
import type { Filters, Loosening } from "./filters";
import { distanceInKm } from "./words";

interface Props {
  filters: Filters;
  ways: readonly Loosening[];
  onLoosen: (filters: Filters) => void;
}

export function NoPlaces({ filters, ways, onLoosen }: Props) {
  const within =
    filters.maxDistanceKm === null ? "" : ` within ${distanceInKm(filters.maxDistanceKm)}`;
  return (
    <div className="notice stack tight">
      <p>
        <strong>I know of nothing like that{within}.</strong> There is more to see than I know of,
        and there may be more a little farther on.
      </p>
      <div className="row">
        {ways.map(({ label, filters: next }) => (
          <button key={label} type="button" className="button" onClick={() => onLoosen(next)}>
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Names of a trip that no landmark has, and what they may have meant. */
export function Unresolved({
  names,
  onMeant,
}: {
  names: readonly UnresolvedName[];
  onMeant: (name: string, meant: string) => void;
}) {
  if (names.length === 0) return null;
  return (
    <div className="notice stack tight">
      {names.map(({ name, suggestions }) => (
        <div key={name} className="row">
          <p>
            I do not know “{name}”, so it does not count here.
            {suggestions.length > 0 && " Did you mean:"}
          </p>
          {suggestions.map((meant) => (
            <button
              key={meant}
              type="button"
              className="button"
              onClick={() => onMeant(name, meant)}
            >
              {meant}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
