// What places are looked for around a trip.
import type { Basis } from "../places/filters";
import type { Stop } from "./stops";

/**
 * The landmarks among the stops; without any, where the first stop is. Names of stops that the
 * catalogue does not have would be taken for misspelt ones.
 */
export function basisOf(stops: readonly Stop[]): Basis {
  const ids = [...new Set(stops.flatMap(({ landmark_id }) => landmark_id ?? []))];
  if (ids.length > 0) return { itinerary_landmarks: ids };
  const [first] = stops;
  return first ? { latitude: first.latitude, longitude: first.longitude } : {};
}
