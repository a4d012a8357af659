// What is asked of the API, and what is shown of its answer.
import type { Recommendation, RecommendRequest } from "../api/models";
import type { Point } from "../map/earth";
import { categoryInWords, counted, distanceInKm } from "./words";

/** What places are found for: a photo, a point, words, the stops of a trip; any of them, or several. */
export interface Basis {
  prediction_id?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
  llava_description?: string | undefined;
  itinerary_landmarks?: readonly string[] | undefined;
}

/** `maxDistanceKm` null is anywhere, `category` null is all. */
export interface Filters {
  maxDistanceKm: number | null;
  category: string | null;
  words: string;
}

export const FIRST_FILTERS: Filters = { maxDistanceKm: 50, category: null, words: "" };
export const DISTANCES_KM = [1, 2, 5, 10, 25, 50, 100, 250, 1000] as const;
/** As many as the API gives at once: kinds are chosen here, among these. */
export const MOST_PLACES = 50;
export const MOST_STOPS = 100;

/**
 * The request for a basis and filters; null where nothing says yet what to look for.
 *
 * The traveller's own `position` takes the place of every other: the API measures to the nearest of
 * all that it is sent. A photo stays in the request for what it shows, unless it `isPlaced` itself.
 */
export function requestOf(
  basis: Basis,
  filters: Pick<Filters, "maxDistanceKm" | "words">,
  position: Point | null,
  isPlaced = false,
): RecommendRequest | null {
  const request: RecommendRequest = {
    max_distance_km: filters.maxDistanceKm,
    top_k: MOST_PLACES,
  };
  // Words that somebody has typed say better what they want than those that describe a photo.
  const words = filters.words.trim() || basis.llava_description?.trim();
  if (words) request.llava_description = words;
  const photo = position && isPlaced ? undefined : basis.prediction_id;
  if (photo) request.prediction_id = photo;
  const names = position ? [] : (basis.itinerary_landmarks ?? []);
  if (names.length > 0) request.itinerary_landmarks = names.slice(0, MOST_STOPS);
  const { latitude, longitude } = position ?? basis;
  const isSomewhere = latitude !== undefined && longitude !== undefined;
  if (isSomewhere) {
    request.latitude = latitude;
    request.longitude = longitude;
  }
  const says = words || photo || names.length > 0 || isSomewhere;
  return says ? request : null;
}

/** The kinds of places among those found, the most frequent first. */
export function categoriesOf(
  found: readonly Recommendation[],
): { category: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { categories } of found) {
    for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts]
    .map(([category, count]) => ({ category, count }))
    .sort((one, other) => other.count - one.count || one.category.localeCompare(other.category));
}

export function ofCategory(
  found: readonly Recommendation[],
  category: string | null,
): Recommendation[] {
  return found.filter(({ categories }) => category === null || categories.includes(category));
}

/** A way to see more: what to call it, and the filters that do it. */
export interface Loosening {
  label: string;
  filters: Filters;
}

/** What to loosen where nothing is shown. Words are not among it: they order places, and hide none. */
export function loosenings(
  filters: Filters,
  found: readonly Recommendation[],
  hasDistances: boolean,
): Loosening[] {
  const ways: Loosening[] = [];
  if (filters.category !== null && found.length > 0) {
    const label = `Show all ${counted(found.length, "place")}, not only: ${categoryInWords(filters.category)}`;
    ways.push({ label, filters: { ...filters, category: null } });
  }
  const current = filters.maxDistanceKm;
  if (hasDistances && current !== null) {
    const next = DISTANCES_KM.find((km) => km >= current * 2);
    if (next) {
      const label = `Look within ${distanceInKm(next)}`;
      ways.push({ label, filters: { ...filters, maxDistanceKm: next } });
    }
    ways.push({ label: "Look anywhere", filters: { ...filters, maxDistanceKm: null } });
  }
  return ways;
}

/** Put names that were understood in place of those that were not. */
export function withNames(basis: Basis, meant: ReadonlyMap<string, string>): Basis {
  const names = basis.itinerary_landmarks;
  if (!names || meant.size === 0) return basis;
  return { ...basis, itinerary_landmarks: names.map((name) => meant.get(name) ?? name) };
}
