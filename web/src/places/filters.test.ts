import { describe, expect, it } from "vitest";

import type { Recommendation } from "../api/models";
import {
  categoriesOf,
  FIRST_FILTERS,
  loosenings,
  ofCategory,
  requestOf,
  withNames,
} from "./filters";

function place(id: string, categories: string[]): Recommendation {
  return {
    landmark_id: id,
    landmark: id,
    country: "FR",
    city: "Paris",
    latitude: 48.8,
    longitude: 2.3,
    distance_km: 1,
    closest_itinerary_landmark: null,
    similarity: null,
    score: 1,
    reason: "",
    description: "",
    categories,
  };
}

const FOUND = [place("a", ["museum", "palace"]), place("b", ["museum"]), place("c", ["bridge"])];

describe("a request", () => {
  it("is not made while nothing says what to look for", () => {
    expect(requestOf({}, FIRST_FILTERS, null)).toBeNull();
    expect(requestOf({ itinerary_landmarks: [] }, FIRST_FILTERS, null)).toBeNull();
    expect(requestOf({ latitude: 1 }, FIRST_FILTERS, null)).toBeNull();
    expect(requestOf({}, { ...FIRST_FILTERS, words: "   " }, null)).toBeNull();
  });

  it("says everything that is known, and asks for as many as there may be", () => {
    const basis = { prediction_id: "p", itinerary_landmarks: ["louvre"] };
    expect(requestOf(basis, FIRST_FILTERS, null)).toEqual({
      prediction_id: "p",
      itinerary_landmarks: ["louvre"],
      max_distance_km: 50,
      top_k: 50,
    });
  });

  it("sends null for anywhere, not nothing, which would mean 50 km", () => {
    const request = requestOf({ prediction_id: "p" }, { maxDistanceKm: null, words: "" }, null);
    expect(request).toHaveProperty("max_distance_km", null);
  });

  it("goes by typed words rather than by the photo's, and by one's position rather than a given one", () => {
    const basis = { llava_description: "a tower", latitude: 1, longitude: 2 };
    const typed = { ...FIRST_FILTERS, words: " gardens " };
    expect(requestOf(basis, typed, { latitude: 0, longitude: 0 })).toMatchObject({
      llava_description: "gardens",
      latitude: 0,
      longitude: 0,
    });
    expect(requestOf(basis, FIRST_FILTERS, null)).toMatchObject({
      llava_description: "a tower",
      latitude: 1,
      longitude: 2,
    });
  });

  it("has one's position in place of all others", () => {
    const here = { latitude: 48.86, longitude: 2.34 };
    const trip = requestOf({ itinerary_landmarks: ["louvre"] }, FIRST_FILTERS, here);
    expect(trip).not.toHaveProperty("itinerary_landmarks");
    expect(trip).toMatchObject(here);
    const photo = { prediction_id: "p" };
    expect(requestOf(photo, FIRST_FILTERS, here, true)).not.toHaveProperty("prediction_id");
    expect(requestOf(photo, FIRST_FILTERS, here, false)).toHaveProperty("prediction_id", "p");
    expect(requestOf(photo, FIRST_FILTERS, null, true)).toHaveProperty("prediction_id", "p");
  });

  it("has no more stops than the API takes", () => {
    const names = Array.from({ length: 120 }, (_, at) => `stop ${at}`);
    const request = requestOf({ itinerary_landmarks: names }, FIRST_FILTERS, null);
    expect(request?.itinerary_landmarks).toHaveLength(100);
  });
});

describe("kinds", () => {
  it("are counted, the most frequent first, of equals by name", () => {
    expect(categoriesOf(FOUND)).toEqual([
      { category: "museum", count: 2 },
      { category: "bridge", count: 1 },
      { category: "palace", count: 1 },
    ]);
  });

  it("choose among the places found", () => {
    expect(ofCategory(FOUND, "museum").map(({ landmark_id }) => landmark_id)).toEqual(["a", "b"]);
    expect(ofCategory(FOUND, null)).toHaveLength(3);
    expect(ofCategory(FOUND, "beach")).toEqual([]);
  });
});

describe("what to loosen", () => {
  it("is the kind where other kinds were found", () => {
    const [first] = loosenings({ ...FIRST_FILTERS, category: "rock-art" }, FOUND, true);
    expect(first?.label).toBe("Show all 3 places, not only: rock art");
    expect(first?.filters.category).toBeNull();
  });

  it("is the distance, to the next that is at least twice as far, or anywhere", () => {
    const ways = loosenings({ ...FIRST_FILTERS, maxDistanceKm: 2 }, [], true);
    expect(ways.map(({ label }) => label)).toEqual(["Look within 5 km", "Look anywhere"]);
    expect(ways.map(({ filters }) => filters.maxDistanceKm)).toEqual([5, null]);
  });

  it("is anywhere alone from the largest distance, and nothing where there are no distances", () => {
    const far = { ...FIRST_FILTERS, maxDistanceKm: 1000 };
    expect(loosenings(far, [], true).map(({ label }) => label)).toEqual(["Look anywhere"]);
    expect(loosenings(far, [], false)).toEqual([]);
  });
});

describe("names that were not understood", () => {
  it("are replaced by what was meant", () => {
    const basis = { itinerary_landmarks: ["Colloseum", "Pantheon"] };
    const meant = new Map([["Colloseum", "Colosseum"]]);
    expect(withNames(basis, meant).itinerary_landmarks).toEqual(["Colosseum", "Pantheon"]);
    expect(withNames({}, meant)).toEqual({});
  });
});
