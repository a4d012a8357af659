// Adding a place to a trip that is somewhere else: read it, add, send it with its version.
import type { TravelApi, Versioned } from "../api/client";
import type { ItineraryResponse } from "../api/models";
import { isChangedMeanwhile } from "../trips/editor";
import { addStop, changesBetween, type Plan, planOf } from "../trips/edits";
import type { Place } from "../trips/stops";

type Api = Pick<TravelApi, "showItinerary" | "changeItinerary">;

/**
 * Put a place at the end of a day of a trip. If the trip is changed meanwhile, once more on top.
 *
 * `known` is for another try of the same, whose answer was lost: it remembers the trip as it was
 * before the first, and what has come since is not added again.
 *
 * Throws `CannotApply` where the trip is full, and what the API throws.
 */
export async function addToTrip(
  api: Api,
  tripId: string,
  place: Place,
  day: number,
  known: { plan?: Plan } = {},
): Promise<ItineraryResponse> {
  const first = await api.showItinerary(tripId);
  known.plan ??= planOf(first.value);
  const before = known.plan;
  const edit = addStop(place, day);
  const send = async ({ value, etag }: Versioned<ItineraryResponse>) => {
    const plan = planOf(value);
    const changes = changesBetween(plan, edit.apply(plan, before));
    return changes ? (await api.changeItinerary(tripId, etag, changes)).value : value;
  };
  try {
    return await send(first);
  } catch (error) {
    if (!isChangedMeanwhile(error)) throw error;
    return send(await api.showItinerary(tripId));
  }
}
