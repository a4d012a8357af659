import { describe, expect, it, vi } from "vitest";

import { ApiError, ConnectionError } from "../api/errors";
import { deleteTrip } from "./deleteTrip";
import { stop, trip } from "./fakeTrips";

const GONE = new ApiError(404, "Gone.", { code: "itinerary_not_found" });
const CHANGED = new ApiError(412, "Changed.", { code: "precondition_failed" });
const NEWER = trip([stop("a")], { etag: '"2"' });

function apiThat(onDelete: Error | null, onShow: Error | null = null) {
  return {
    deleteItinerary: vi.fn(() => (onDelete ? Promise.reject(onDelete) : Promise.resolve())),
    showItinerary: vi.fn(() =>
      onShow ? Promise.reject(onShow) : Promise.resolve({ value: NEWER, etag: '"2"' }),
    ),
  };
}

describe("deleting a trip", () => {
  it("deletes the version that was asked about", async () => {
    const api = apiThat(null);
    expect(await deleteTrip(api, "01", '"1"')).toBeNull();
    expect(api.deleteItinerary).toHaveBeenCalledWith("01", '"1"');
  });

  it("gives the newer version to ask about, rather than deleting what nobody has seen", async () => {
    const api = apiThat(CHANGED);
    expect(await deleteTrip(api, "01", '"1"')).toBe(NEWER);
    expect(api.deleteItinerary).toHaveBeenCalledTimes(1);
  });

  it("is content where it is gone already", async () => {
    expect(await deleteTrip(apiThat(GONE), "01", '"1"')).toBeNull();
    expect(await deleteTrip(apiThat(CHANGED, GONE), "01", '"1"')).toBeNull();
  });

  it("says what else went wrong", async () => {
    const offline = new ConnectionError("offline");
    await expect(deleteTrip(apiThat(offline), "01", '"1"')).rejects.toBe(offline);
    await expect(deleteTrip(apiThat(CHANGED, offline), "01", '"1"')).rejects.toBe(offline);
  });
});
