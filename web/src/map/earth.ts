// Distances on the globe, and what a map of a city draws to be of use without streets.

/** Latitude and longitude in degrees (WGS 84). */
export interface Point {
  latitude: number;
  longitude: number;
}

/** A box of the map in degrees; `west` and `east` may lie beyond ±180. */
export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

// IUGG's mean radius, as the API has it, so that both say the same distances.
const EARTH_RADIUS_KM = 6371.0088;
const KM_A_DEGREE = (Math.PI / 180) * EARTH_RADIUS_KM;
// More rings than this are a target, not a map.
const MOST_RINGS = 3;
// Farther out, Mercator's map makes of a circle something else.
const LARGEST_RING_KM = 500;
const MOST_GRID_LINES = 60;

/** Along the great circle (haversine formula). */
export function distanceKm(one: Point, other: Point): number {
  const latitude = radians(one.latitude);
  const otherLatitude = radians(other.latitude);
  const halfChord =
    Math.sin((otherLatitude - latitude) / 2) ** 2 +
    Math.cos(latitude) *
      Math.cos(otherLatitude) *
      Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, halfChord)));
}

/** How far it is through all points in their order. */
export function wayKm(points: readonly Point[]): number {
  return points.reduce((sum, point, at) => {
    const before = points[at - 1];
    return before ? sum + distanceKm(before, point) : 0;
  }, 0);
}

/** The longitude that means the same and is drawn nearest to `reference`: 179 and -179 are neighbours. */
export function longitudeNear(longitude: number, reference: number): number {
  return longitude - 360 * Math.round((longitude - reference) / 360);
}

/** The smallest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2 …) that is not below `least`. */
export function roundNumberAbove(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  // Rounded, since 3 * 0.1 is more than 0.3.
  const found = [1, 2, 5, 10].find((digit) => digit * power >= least * (1 - 1e-9)) ?? 10;
  return Number((found * power).toPrecision(1));
}

/** Radii of the rings to draw around an origin, so that the farthest place can be judged by them. */
export function ringRadiiKm(farthestKm: number): number[] {
  if (!(farthestKm > 0) || farthestKm > LARGEST_RING_KM) return [];
  const step = roundNumberAbove(farthestKm / MOST_RINGS);
  const count = Math.max(1, Math.floor((farthestKm / step) * 1.05));
  return Array.from({ length: count }, (_, at) => Number(((at + 1) * step).toPrecision(6)));
}

/** The lines of a grid of `spacingKm` in a box, each from one end to the other. */
export function gridLines(box: Box, spacingKm: number): [Point, Point][] {
  const latitudeStep = spacingKm / KM_A_DEGREE;
  // Whole degrees: a grid that followed the middle exactly would swim with every move of the map.
  const middle = Math.max(-80, Math.min(80, Math.round((box.south + box.north) / 2)));
  const longitudeStep = latitudeStep / Math.cos(radians(middle));
  const latitudes = multiplesWithin(box.south, box.north, latitudeStep);
  const longitudes = multiplesWithin(box.west, box.east, longitudeStep);
  if (latitudes.length + longitudes.length > MOST_GRID_LINES) return [];
  return [
    ...latitudes.map((latitude): [Point, Point] => [
      { latitude, longitude: box.west },
      { latitude, longitude: box.east },
    ]),
    ...longitudes.map((longitude): [Point, Point] => [
      { latitude: box.south, longitude },
      { latitude: box.north, longitude },
    ]),
  ];
}

function multiplesWithin(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  const count = Math.min(Math.max(0, last - first + 1), MOST_GRID_LINES + 1);
  return Array.from({ length: count }, (_, at) => (first + at) * step);
}

function radians(degrees: number): number {
  return (degrees / 180) * Math.PI;
}
