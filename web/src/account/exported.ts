// The file with everything that is kept of somebody.
import type { ExportResponse, ProfileResponse } from "../api/models";

export type Exported = Omit<ExportResponse, "next_cursor">;

/** How many things there are beside the account itself. */
export function countItems(whole: Exported): number {
  const { predictions, itineraries, sessions, usage, requests } = whole;
  return [predictions, itineraries, sessions, usage, requests].reduce(
    (sum, list) => sum + list.length,
    0,
  );
}

/** As in travel-data-2026-05-01.json: by the day it was made, in UTC as everything in it. */
export function exportName({ exported_at }: Exported): string {
  return `travel-data-${exported_at.slice(0, 10)}.json`;
}

/** About how much of the export has come: what is counted are photos and trips, not sign-ins. */
export function shareOf(items: number, profile: ProfileResponse): number {
  const counted = profile.prediction_count + profile.itinerary_count;
  return counted === 0 ? 0 : Math.min(1, items / counted);
}
