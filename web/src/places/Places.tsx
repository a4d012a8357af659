// Places worth seeing: cards, a map of them, and what to look for.
import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";

import type { Recommendation } from "../api/models";
import { useAnnounce } from "../app/Announcer";
import { Problem } from "../app/Problem";
import { PlaceMap } from "../map/PlaceMap";
import type { MapPlace, Origin } from "../map/places";
import { AddToTrip } from "./AddToTrip";
import {
  type Basis,
  categoriesOf,
  FIRST_FILTERS,
  type Filters,
  loosenings,
  ofCategory,
  withNames,
} from "./filters";
import { NoPlaces, Unresolved } from "./NoPlaces";
import { useOrigin } from "./origin";
import { cardId, PlaceCard } from "./PlaceCard";
import { PlaceFilters } from "./PlaceFilters";
import { usePosition } from "./position";
import { useFound } from "./useFound";
import { counted } from "./words";
import "./places.css";

interface Props {
  basis: Basis;
  title?: string | undefined;
  /** Where distances are measured from, to draw it on the map, where it is one point. */
  origin?: Origin | undefined;
  /** What can be done with a place; a trip adds it to itself. */
  action?: ((place: Recommendation) => ReactNode) | undefined;
}

const SHOWN_FIRST = 6;
const SHOWN_MORE = 10;

export function Places({ basis, title = "Worth seeing", origin, action = addToAnyTrip }: Props) {
  const [filters, setFilters] = useState(FIRST_FILTERS);
  const [meant, setMeant] = useState<ReadonlyMap<string, string>>(new Map());
  const [selected, setSelected] = useState<string | null>(null);
  const [most, setMost] = useState(SHOWN_FIRST);
  const { whereabouts, ask, forget } = usePosition();
  const position = whereabouts.state === "known" ? whereabouts.point : null;
  const found = useFound(withNames(basis, meant), filters, position, origin !== undefined);
  const heading = useId();
  const map = useRef<HTMLDivElement>(null);

  const all = found.answer?.recommendations ?? NONE;
  const fitting = useMemo(() => ofCategory(all, filters.category), [all, filters.category]);
  const categories = useMemo(() => categoriesOf(all), [all]);
  const shown = useMemo(() => fitting.slice(0, most), [fitting, most]);
  const marked = useMemo(() => shown.map(asMapPlace), [shown]);
  const from = useOrigin(position, origin, basis);
  const hasDistances = found.answer?.search_mode === "nearby";
  useSpoken(found.answer && !found.busy ? fitting.length : null);

  const change = useCallback((next: Filters) => {
    setFilters(next);
    setMost(SHOWN_FIRST);
  }, []);
  const showCard = useCallback((id: string) => {
    setSelected(id);
    document.getElementById(cardId(id))?.focus();
  }, []);
  const showOnMap = useCallback((id: string) => {
    setSelected(id);
    map.current?.scrollIntoView({ block: "nearest" });
  }, []);

  return (
    <section className="places stack" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <PlaceFilters
        filters={filters}
        onChange={change}
        categories={categories}
        whereabouts={whereabouts}
        onAskPosition={ask}
        onForgetPosition={forget}
      />
      {!found.asked && (
        <p className="hint">Write what you would like to see, or look around where you are.</p>
      )}
      {found.error !== undefined && <Problem error={found.error} onRetry={found.again} />}
      {found.asked && found.busy && !found.answer && <p role="status">Looking for places …</p>}
      {found.answer && (
        <Unresolved
          names={found.answer.unresolved}
          onMeant={(name, landmark) => setMeant((before) => new Map(before).set(name, landmark))}
        />
      )}
      {found.answer && filters.maxDistanceKm !== null && !hasDistances && (
        <p className="hint">
          These are from all over the world, since nothing says where to look. Look around where you
          are to see how far places are.
        </p>
      )}
      {found.answer && fitting.length === 0 && (
        <NoPlaces
          filters={filters}
          ways={loosenings(filters, all, hasDistances)}
          onLoosen={change}
        />
      )}
      {shown.length > 0 && (
        <div className="places-found" aria-busy={found.busy}>
          <div className="places-map" ref={map}>
            <PlaceMap
              name={`Map of ${counted(shown.length, "place")}`}
              places={marked}
              origin={from}
              selected={selected}
              onSelect={showCard}
            />
          </div>
          <div className="stack">
            <ol className="places-list">
              {shown.map((place, at) => (
                <PlaceCard
                  key={place.landmark_id}
                  place={place}
                  number={at + 1}
                  selected={place.landmark_id === selected}
                  onPoint={setSelected}
                  onShow={showOnMap}
                  action={action(place)}
                />
              ))}
            </ol>
            {fitting.length > shown.length && (
              <button type="button" className="button" onClick={() => setMost(most + SHOWN_MORE)}>
                Show more places ({fitting.length - shown.length} left)
              </button>
            )}
            {hasDistances && <p className="hint">Distances are as the crow flies.</p>}
          </div>
        </div>
      )}
    </section>
  );
}

const NONE: Recommendation[] = [];

function addToAnyTrip(place: Recommendation): ReactNode {
  return <AddToTrip place={{ ...place, name: place.landmark }} />;
}

function asMapPlace(place: Recommendation, at: number): MapPlace {
  const { landmark_id: key, landmark: name, latitude, longitude } = place;
  return { key, name, latitude, longitude, number: at + 1 };
}

/** Say how many there are, once for each answer. */
function useSpoken(count: number | null): void {
  const announce = useAnnounce();
  useEffect(() => {
    if (count === null) return;
    announce(count === 0 ? "No places found." : `${counted(count, "place")} found.`);
  }, [announce, count]);
}
