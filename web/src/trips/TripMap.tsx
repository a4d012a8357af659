import { useMemo } from "react";

import { PlaceMap } from "../map/PlaceMap";
import type { MapPlace, MapWay } from "../map/places";
import { counted } from "../places/words";
import { byDay } from "./days";
import { stopElementId } from "./StopCard";
import type { Stop } from "./stops";

interface Props {
  stops: readonly Stop[];
  selected: string | null;
  onSelect: (stopId: string) => void;
}

/** The stops by number, and each day's way through them in a colour of its own. */
export function TripMap({ stops, selected, onSelect }: Props) {
  const places = useMemo(() => asMapPlaces(stops), [stops]);
  const ways = useMemo(() => asWays(stops), [stops]);
  if (stops.length === 0) return null;
  return (
    <PlaceMap
      name={`Map of ${counted(stops.length, "stop")}`}
      places={places}
      ways={ways}
      selected={selected}
      onSelect={(key) => {
        onSelect(key);
        document.getElementById(stopElementId(key))?.focus();
      }}
    />
  );
}

export function asMapPlaces(stops: readonly Stop[]): MapPlace[] {
  return stops.map(({ stop_id: key, name, latitude, longitude, day }, at) => ({
    key,
    name,
    latitude,
    longitude,
    number: at + 1,
    tone: day - 1,
  }));
}

export function asWays(stops: readonly Stop[]): MapWay[] {
  return byDay(stops)
    .filter(({ stops: own }) => own.length > 1)
    .map(({ number, stops: own }) => ({ points: own, tone: number - 1 }));
}
