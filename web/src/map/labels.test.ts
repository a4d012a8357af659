import { describe, expect, it } from "vitest";

import { placeLabels } from "./labels";

const VIEW = { width: 400, height: 300 };

describe("names on the map", () => {
  it("are written to the right where there is room", () => {
    expect(placeLabels([{ x: 100, y: 100, width: 80 }], VIEW)).toEqual(["right"]);
  });

  it("go to another side at the edge", () => {
    expect(placeLabels([{ x: 380, y: 100, width: 80 }], VIEW)).toEqual(["left"]);
  });

  it("do not lie on another marker", () => {
    const [side] = placeLabels(
      [
        { x: 100, y: 100, width: 80 },
        { x: 150, y: 100, width: 80 },
      ],
      VIEW,
    );
    expect(side).not.toBe("right");
  });

  it("do not lie on another name", () => {
    const sides = placeLabels(
      [
        { x: 200, y: 100, width: 80 },
        { x: 200, y: 112, width: 80 },
      ],
      VIEW,
    );
    expect(sides).toEqual(["right", "left"]);
  });

  it("are left out where there is no room, the last first", () => {
    const crowd = Array.from({ length: 8 }, () => ({ x: 200, y: 150, width: 120 }));
    const sides = placeLabels(crowd, VIEW);
    expect(sides[0]).toBe("right");
    expect(sides.at(-1)).toBeNull();
  });

  it("are not written over buttons of the map", () => {
    const covered = [{ left: 110, top: 0, right: 400, bottom: 300 }];
    expect(placeLabels([{ x: 100, y: 100, width: 80 }], VIEW, covered)).toEqual(["left"]);
  });

  it("outside of the view are left out", () => {
    expect(placeLabels([{ x: -500, y: 100, width: 80 }], VIEW)).toEqual([null]);
  });
});
