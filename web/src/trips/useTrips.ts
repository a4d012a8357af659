import { useCallback, useEffect, useState } from "react";

import type { ItinerarySummary } from "../api/models";
import { useApi } from "../app/context";
import { useTask } from "../app/useTask";

const PAGE = 20;

/** The trips, page by page. A trip that comes twice, since one was made meanwhile, is shown once. */
export function useTrips() {
  const api = useApi();
  const [trips, setTrips] = useState<readonly ItinerarySummary[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const { run, error, busy } = useTask(async (signal, from: string | null) => {
    const page = await api.listItineraries({ limit: PAGE, cursor: from }, signal);
    setTrips((before) =>
      from === null ? page.itineraries : joined(before ?? [], page.itineraries),
    );
    setCursor(page.next_cursor);
  });
  useEffect(() => run(null), [run]);
  const more = useCallback(() => run(cursor), [run, cursor]);
  const remove = useCallback((id: string) => {
    setTrips((before) => before?.filter(({ itinerary_id }) => itinerary_id !== id) ?? null);
  }, []);
  return { trips, hasMore: cursor !== null, more, error, busy, remove };
}

export function joined(
  before: readonly ItinerarySummary[],
  next: readonly ItinerarySummary[],
): ItinerarySummary[] {
  const known = new Set(before.map(({ itinerary_id }) => itinerary_id));
  return [...before, ...next.filter(({ itinerary_id }) => !known.has(itinerary_id))];
}
