import { describe, expect, it } from "vitest";

import { ApiError, ConnectionError } from "../api/errors";
import { FakeTrips, stop, trip } from "../trips/fakeTrips";
import { addToTrip } from "./addStop";

const HOTEL = { name: "Hotel", latitude: 41, longitude: 12, landmark_id: null };

describe("adding a place to a trip", () => {
  it("puts it at the end of the day and keeps the rest", async () => {
    const trips = new FakeTrips(trip([stop("a"), stop("b", 2)]));
    const done = await addToTrip(trips, "01TRIP", HOTEL, 1);
    expect(done.stops.map(({ name, day }) => `${name}${day}`)).toEqual(["A1", "Hotel1", "B2"]);
    expect(trips.sent).toHaveLength(1);
  });

  it("is done on the newer version where there is one, once", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    const { changeItinerary } = trips;
    let interfered = false;
    trips.changeItinerary = (...sent) => {
      if (!interfered) trips.elsewhere({ name: "Roma", stops: [] });
      interfered = true;
      return changeItinerary(...sent);
    };
    const done = await addToTrip(trips, "01TRIP", HOTEL, 1);
    expect(done.name).toBe("Roma");
    expect(done.stops.map(({ name }) => name)).toEqual(["Hotel"]);
  });

  it("gives up where the trip changes again and again", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    trips.failures = [new ApiError(412, "Changed."), new ApiError(412, "Changed.")];
    await expect(addToTrip(trips, "01TRIP", HOTEL, 1)).rejects.toHaveProperty("status", 412);
    expect(trips.sent).toEqual([]);
  });

  it("does not try again what failed for another reason", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    trips.failures = [new ConnectionError("offline")];
    await expect(addToTrip(trips, "01TRIP", HOTEL, 1)).rejects.toBeInstanceOf(ConnectionError);
    expect(trips.sent).toEqual([]);
  });

  it("is not done twice where the first answer was lost", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    trips.failures = [new ConnectionError("timeout")];
    trips.losesAnswers = true;
    const known = {};
    await expect(addToTrip(trips, "01TRIP", HOTEL, 1, known)).rejects.toThrow();
    trips.losesAnswers = false;
    await addToTrip(trips, "01TRIP", HOTEL, 1, known);
    expect(trips.value.stops.map(({ name }) => name)).toEqual(["A", "Hotel"]);
    // Another time it may be wanted twice.
    await addToTrip(trips, "01TRIP", HOTEL, 1);
    expect(trips.value.stops).toHaveLength(3);
  });

  it("says that a full trip is full", async () => {
    const full = Array.from({ length: 100 }, (_, at) => stop(`s${at}`));
    const trips = new FakeTrips(trip(full));
    await expect(addToTrip(trips, "01TRIP", HOTEL, 1)).rejects.toThrow("100 stops");
  });
});
