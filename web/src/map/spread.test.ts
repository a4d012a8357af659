import { describe, expect, it } from "vitest";

import { type Spot, spread } from "./spread";

const APART = 34;

function after(spots: readonly Spot[]): Spot[] {
  return spread(spots, APART).map(({ x, y }, at) => ({
    x: x + (spots[at]?.x ?? 0),
    y: y + (spots[at]?.y ?? 0),
  }));
}

function nearest(spots: readonly Spot[]): number {
  return Math.min(
    ...spots.flatMap((one, at) =>
      spots.slice(at + 1).map((other) => Math.hypot(other.x - one.x, other.y - one.y)),
    ),
  );
}

describe("markers in a crowd", () => {
  it("stay where they are when they have room", () => {
    const far = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ];
    expect(spread(far, APART)).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 0 },
    ]);
  });

  it("move apart, both as far, in the direction in which they lie", () => {
    const [left, right] = spread(
      [
        { x: 0, y: 0 },
        { x: 10, y: 0 },
      ],
      APART,
    );
    expect(left?.x).toBeCloseTo(-(right?.x ?? 0), 6);
    expect(left?.y).toBeCloseTo(0, 6);
    expect((right?.x ?? 0) - (left?.x ?? 0) + 10).toBeGreaterThanOrEqual(APART - 0.5);
  });

  it("at one spot get room, all of them", () => {
    const same = Array.from({ length: 12 }, () => ({ x: 50, y: 50 }));
    expect(nearest(after(same))).toBeGreaterThan(24);
  });

  it("leave the first alone where that is asked for", () => {
    const spots = [
      { x: 0, y: 0 },
      { x: 3, y: 0 },
      { x: 90, y: 0 },
    ];
    const [fixed, moved, free] = spread(spots, APART, true);
    expect(fixed).toEqual({ x: 0, y: 0 });
    expect((moved?.x ?? 0) + 3).toBeGreaterThanOrEqual(APART - 0.5);
    expect(free).toEqual({ x: 0, y: 0 });
  });

  it("do not wander off", () => {
    const row = Array.from({ length: 10 }, (_, at) => ({ x: at * 8, y: at % 2 }));
    for (const { x, y } of spread(row, APART)) expect(Math.hypot(x, y)).toBeLessThan(APART * 5);
  });

  it("are put the same way every time", () => {
    const spots = [
      { x: 1, y: 1 },
      { x: 1, y: 1 },
      { x: 4, y: 9 },
    ];
    expect(spread(spots, APART)).toEqual(spread(spots, APART));
  });
});
