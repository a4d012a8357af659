import { afterEach, describe, expect, it, vi } from "vitest";

import { convertOutlines, loadOutlines } from "./outlines";

// Two countries side by side: arc 0 is what they share, 1 and 2 are their coasts.
const WORLD = {
  type: "Topology",
  arcs: [
    [
      [1, 0],
      [1, 1],
    ],
    [
      [1, 1],
      [0, 1],
      [0, 0],
      [1, 0],
    ],
    [
      [1, 0],
      [2, 0],
      [2, 1],
      [1, 1],
    ],
  ],
  objects: {
    countries: {
      type: "GeometryCollection",
      geometries: [
        { type: "Polygon", arcs: [[0, 1]] },
        { type: "Polygon", arcs: [[2, -1]] },
      ],
    },
    land: {
      type: "GeometryCollection",
      geometries: [{ type: "Polygon", arcs: [[1, 2]] }],
    },
  },
} as unknown as Parameters<typeof convertOutlines>[0];

describe("outlines", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("are land as one area, without the line between the countries", () => {
    const { land } = convertOutlines(WORLD);
    expect(land).toHaveLength(1);
    expect(land[0]?.coordinates).toHaveLength(1);
  });

  it("have the line that two countries share, and no coast, as border", () => {
    expect(convertOutlines(WORLD).borders.coordinates).toEqual([
      [
        [1, 0],
        [1, 1],
      ],
    ]);
  });

  it("are asked for again after a failure, and once after a success", async () => {
    const fetched = vi
      .fn()
      .mockRejectedValueOnce(new TypeError("offline"))
      .mockImplementation(() => Promise.resolve(new Response(JSON.stringify(WORLD))));
    vi.stubGlobal("fetch", fetched);
    await expect(loadOutlines()).rejects.toThrow("offline");
    await expect(loadOutlines()).resolves.toHaveProperty("borders");
    await loadOutlines();
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});
