import type { Polygon, Position } from "geojson";
import { describe, expect, it } from "vitest";

import { extent, unrollAreas, unrollLines } from "./unrolled";

function area(...ring: Position[]): Polygon {
  return { type: "Polygon", coordinates: [ring] };
}

describe("shapes on a flat map", () => {
  it("stay as they are where they do not cross the date line", () => {
    const square = area([0, 0], [1, 0], [1, 1], [0, 0]);
    expect(unrollAreas(square).coordinates).toEqual([square.coordinates]);
  });

  it("go on beyond 180° where they cross it, and come back", () => {
    const island = area([178, 60], [-178, 60], [-178, 62], [178, 62], [178, 60]);
    expect(unrollAreas(island).coordinates[0]?.[0]).toEqual([
      [178, 60],
      [182, 60],
      [182, 62],
      [178, 62],
      [178, 60],
    ]);
  });

  it("do so to the west as well, and from a point on the line itself", () => {
    const line = {
      type: "MultiLineString" as const,
      coordinates: [
        [
          [-179, 1],
          [179, 2],
        ],
        [
          [180, 1],
          [-180, 2],
          [-179, 3],
        ],
      ],
    };
    expect(unrollLines(line).coordinates).toEqual([
      [
        [-179, 1],
        [-181, 2],
      ],
      [
        [180, 1],
        [180, 2],
        [181, 3],
      ],
    ]);
  });

  it("are closed at the pole that they go around", () => {
    const south = area([-120, -70], [0, -75], [120, -70], [-120, -70]);
    expect(unrollAreas(south).coordinates[0]?.[0]).toEqual([
      [-120, -70],
      [0, -75],
      [120, -70],
      [240, -70],
      [240, -90],
      [-120, -90],
      [-120, -70],
    ]);
  });

  it("tell how far they reach", () => {
    const shapes = [
      unrollAreas(area([170, 1], [-170, 1], [-170, 2], [170, 1])),
      unrollLines({
        type: "MultiLineString",
        coordinates: [
          [
            [-20, 0],
            [30, 0],
          ],
        ],
      }),
    ];
    expect(extent(shapes)).toEqual([-20, 190]);
  });
});
