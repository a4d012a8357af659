// Deleting a trip that may have been changed since its deletion was asked about.
import type { TravelApi } from "../api/client";
import { ApiError } from "../api/errors";
import type { ItineraryResponse } from "../api/models";
import { isChangedMeanwhile } from "./editor";

type Api = Pick<TravelApi, "deleteItinerary" | "showItinerary">;

/** Delete it, or return its newer version, of which nobody has said yet that it may go. */
export async function deleteTrip(
  api: Api,
  id: string,
  etag: string,
): Promise<ItineraryResponse | null> {
  try {
    await api.deleteItinerary(id, etag);
    return null;
  } catch (error) {
    if (isGone(error)) return null;
    if (!isChangedMeanwhile(error)) throw error;
  }
  try {
    return (await api.showItinerary(id)).value;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Deleted already, elsewhere or by a request whose answer was lost: as it was wanted. */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.code === "itinerary_not_found";
}
