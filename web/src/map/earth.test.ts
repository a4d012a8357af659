import { describe, expect, it } from "vitest";

import {
  distanceKm,
  gridLines,
  longitudeNear,
  ringRadiiKm,
  roundNumberAbove,
  wayKm,
} from "./earth";

const PARIS = { latitude: 48.8566, longitude: 2.3522 };
const LONDON = { latitude: 51.5074, longitude: -0.1278 };
const ROME = { latitude: 41.9028, longitude: 12.4964 };

describe("distances", () => {
  it("are along the surface", () => {
    expect(distanceKm(PARIS, LONDON)).toBeCloseTo(343.6, 0);
    expect(distanceKm(PARIS, PARIS)).toBe(0);
  });

  it("know no border at the date line", () => {
    const west = { latitude: -17, longitude: 179.9 };
    const east = { latitude: -17, longitude: -179.9 };
    expect(distanceKm(west, east)).toBeLessThan(25);
  });

  it("reach the other side of the Earth without a rounding error", () => {
    const opposite = { latitude: -PARIS.latitude, longitude: PARIS.longitude - 180 };
    expect(distanceKm(PARIS, opposite)).toBeCloseTo(Math.PI * 6371.0088, 3);
  });

  it("add up along a way", () => {
    expect(wayKm([])).toBe(0);
    expect(wayKm([PARIS])).toBe(0);
    expect(wayKm([LONDON, PARIS, ROME])).toBeCloseTo(
      distanceKm(LONDON, PARIS) + distanceKm(PARIS, ROME),
      9,
    );
  });
});

describe("longitudes", () => {
  it("are drawn beside their neighbours across the date line", () => {
    expect(longitudeNear(-179, 179)).toBe(181);
    expect(longitudeNear(179, -179)).toBe(-181);
    expect(longitudeNear(10, 12)).toBe(10);
  });
});

describe("rings", () => {
  it("have round radii, the largest about as far as the farthest place", () => {
    expect(ringRadiiKm(4.3)).toEqual([2, 4]);
    expect(ringRadiiKm(50)).toEqual([20, 40]);
    expect(ringRadiiKm(0.3)).toEqual([0.1, 0.2, 0.3]);
  });

  it("are never more than three, and always one", () => {
    for (let km = 0.05; km < 500; km *= 1.3) {
      const radii = ringRadiiKm(km);
      expect(radii.length).toBeGreaterThanOrEqual(1);
      expect(radii.length).toBeLessThanOrEqual(3);
    }
  });

  it("are left out where there is nothing to measure, or half a world", () => {
    expect(ringRadiiKm(0)).toEqual([]);
    expect(ringRadiiKm(Number.NaN)).toEqual([]);
    expect(ringRadiiKm(9000)).toEqual([]);
  });

  it("go by 1, 2 and 5", () => {
    expect([0.3, 1, 1.1, 4, 6, 30].map(roundNumberAbove)).toEqual([0.5, 1, 2, 5, 10, 50]);
  });
});

describe("the grid", () => {
  const box = { south: 48.8, north: 48.9, west: 2.3, east: 2.4 };

  it("has squares of the size asked for", () => {
    const lines = gridLines(box, 2);
    const level = lines.filter(([from, to]) => from.latitude === to.latitude);
    const upright = lines.filter(([from, to]) => from.longitude === to.longitude);
    expect(level.length).toBe(5);
    expect(upright.length).toBeGreaterThan(2);
    const [first, second] = upright;
    const apart = distanceKm(
      { latitude: 48.85, longitude: first?.[0].longitude ?? 0 },
      { latitude: 48.85, longitude: second?.[0].longitude ?? 0 },
    );
    expect(apart).toBeCloseTo(2, 1);
  });

  it("stays where it is when the map moves", () => {
    const moved = { ...box, west: 2.31, east: 2.41 };
    const before = gridLines(box, 2).map(([from]) => from.longitude);
    const after = gridLines(moved, 2).map(([from]) => from.longitude);
    expect(after.some((longitude) => longitude !== 2.31 && before.includes(longitude))).toBe(true);
  });

  it("is left out rather than drawn black", () => {
    expect(gridLines({ south: -60, north: 60, west: -180, east: 180 }, 1)).toEqual([]);
  });
});
