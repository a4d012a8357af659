// Shapes on a globe as shapes on a flat map.
//
// On the globe a line goes on from 180° to -180°; drawn flat, that is a line through the whole map.
// So longitudes go on counting beyond 180°, and what goes around a pole is closed at that pole.
import type { MultiLineString, MultiPolygon, Polygon, Position } from "geojson";

/** Each line without a jump. */
export function unrollLines({ coordinates }: MultiLineString): MultiLineString {
  return { type: "MultiLineString", coordinates: coordinates.map(unroll) };
}

/** Each area without a jump. */
export function unrollAreas(shape: Polygon | MultiPolygon): MultiPolygon {
  const areas = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  return {
    type: "MultiPolygon",
    coordinates: areas.map((rings) => rings.map((ring) => closed(unroll(ring)))),
  };
}

/** How far west and east a shape reaches. */
export function extent(shapes: readonly (MultiPolygon | MultiLineString)[]): [number, number] {
  let [west, east] = [180, -180];
  for (const { coordinates } of shapes) {
    for (const line of coordinates.flat() as (Position | Position[])[]) {
      for (const at of isPosition(line) ? [line] : line) {
        west = Math.min(west, at[0] ?? west);
        east = Math.max(east, at[0] ?? east);
      }
    }
  }
  return [west, east];
}

function isPosition(line: Position | Position[]): line is Position {
  return typeof line[0] === "number";
}

function unroll(line: readonly Position[]): Position[] {
  let turns = 0;
  let before: number | undefined;
  return line.map(([longitude = 0, latitude = 0]) => {
    if (before !== undefined) turns += Math.round((before - longitude) / 360);
    before = longitude;
    return [longitude + 360 * turns, latitude];
  });
}

function closed(ring: Position[]): Position[] {
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last || Math.abs((last[0] ?? 0) - (first[0] ?? 0)) < 180) return ring;
  const pole = (first[1] ?? 0) < 0 ? -90 : 90;
  return [...ring, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first];
}
