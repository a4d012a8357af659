import { describe, expect, it } from "vitest";

import type { ItinerarySummary } from "../api/models";
import { basisOf } from "./basis";
import { planOf } from "./edits";
import { stop, trip } from "./fakeTrips";
import { asMapPlaces, asWays } from "./TripMap";
import { joined } from "./useTrips";

const free = (id: string) => stop(id, 1, { landmark_id: null });

describe("places for a trip", () => {
  it("are looked for around its landmarks, each once", () => {
    const { stops } = planOf(trip([stop("a"), free("x"), stop("b"), stop("a", 2)]));
    expect(basisOf(stops)).toEqual({ itinerary_landmarks: ["a", "b"] });
  });

  it("are looked for around its first stop where no stop is a landmark", () => {
    const { stops } = planOf(trip([free("x"), free("y")]));
    const [first] = stops;
    expect(basisOf(stops)).toEqual({ latitude: first?.latitude, longitude: first?.longitude });
  });

  it("are looked for nowhere in an empty one", () => {
    expect(basisOf([])).toEqual({});
  });
});

describe("the map of a trip", () => {
  const { stops } = planOf(trip([stop("a"), stop("b"), stop("c", 3)]));

  it("numbers the stops through, in the colours of their days", () => {
    expect(asMapPlaces(stops).map(({ number, tone }) => [number, tone])).toEqual([
      [1, 0],
      [2, 0],
      [3, 2],
    ]);
  });

  it("has a line for each day with more than one stop", () => {
    expect(asWays(stops).map(({ points, tone }) => [points.length, tone])).toEqual([[2, 0]]);
  });
});

describe("pages of trips", () => {
  it("are joined, each trip once", () => {
    const of = (id: string) => ({ itinerary_id: id }) as ItinerarySummary;
    const all = joined([of("1"), of("2")], [of("2"), of("3")]);
    expect(all.map(({ itinerary_id }) => itinerary_id)).toEqual(["1", "2", "3"]);
  });
});
