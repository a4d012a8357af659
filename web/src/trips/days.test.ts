import { describe, expect, it } from "vitest";

import {
  asEntries,
  byDay,
  dateInWords,
  dayInWords,
  daysToChoose,
  entryId,
  lastDay,
  stepOf,
  targetOf,
} from "./days";
import type { Stop } from "./stops";

function stop(id: string, day: number): Stop {
  return { stop_id: id, day, name: id, latitude: 0, longitude: 0, landmark_id: null, note: null };
}

// Day 2 is empty.
const STOPS = [stop("a", 1), stop("b", 1), stop("c", 3)];

describe("days", () => {
  it("are all there up to the last one, empty ones, too", () => {
    expect(byDay(STOPS).map(({ stops }) => stops.length)).toEqual([2, 0, 1]);
    expect(byDay([]).map(({ number }) => number)).toEqual([1]);
    expect(lastDay(STOPS)).toBe(3);
    expect(lastDay([])).toBe(0);
  });

  it("to choose from are one more than there are, up to a year", () => {
    expect(daysToChoose(0)).toEqual([1, 2]);
    expect(daysToChoose(2)).toEqual([1, 2, 3]);
    expect(daysToChoose(366)).toHaveLength(366);
  });

  it("have dates, wherever the browser is and whatever its clock does", () => {
    expect(dayInWords("2026-05-01", 1)).toMatch(/^Day 1, Fri,? 1 May$/);
    expect(dayInWords("2026-12-31", 2)).toMatch(/^Day 2, Fri,? 1 Jan$/);
    expect(dayInWords("2026-03-28", 2)).toMatch(/^Day 2, Sun,? 29 Mar$/);
    expect(dateInWords("2026-05-01")).toBe("1 May 2026");
  });

  it("have no dates where the trip has none", () => {
    expect(dayInWords(null, 2)).toBe("Day 2");
    expect(dayInWords("", 2)).toBe("Day 2");
  });
});

describe("the list that is dragged in", () => {
  const entries = asEntries(STOPS);

  it("has the headings between the stops, and a day to come", () => {
    expect(entries.map(entryId)).toEqual(["day-1", "a", "b", "day-2", "day-3", "c", "day-4"]);
    expect(asEntries([]).map(entryId)).toEqual(["day-1"]);
  });

  it.each([
    // dragged, over, day, before, position, of
    ["b", "a", 1, "a", 1, 2],
    ["a", "b", 1, null, 2, 2],
    ["a", "day-2", 2, null, 1, 1],
    ["b", "day-3", 3, "c", 1, 2],
    ["c", "day-3", 2, null, 1, 1],
    ["c", "day-1", 1, "a", 1, 3],
    ["b", "day-1", 1, "a", 1, 2],
    ["a", "day-4", 4, null, 1, 1],
    ["a", "a", 1, "b", 1, 2],
  ])(
    "puts %s dropped on %s on day %i before %s",
    (dragged, over, day, beforeId, position, count) => {
      expect(targetOf(entries, dragged, over)).toEqual({ day, beforeId, position, count });
    },
  );

  it("has no target for what is not in it", () => {
    expect(targetOf(entries, "x", "a")).toBeNull();
    expect(targetOf(entries, "a", "x")).toBeNull();
  });
});

describe("a step", () => {
  it("leads past the neighbour, and over the edge of the day", () => {
    expect(stepOf(STOPS, "b", -1)).toMatchObject({ day: 1, beforeId: "a" });
    expect(stepOf(STOPS, "a", 1)).toMatchObject({ day: 1, beforeId: null });
    expect(stepOf(STOPS, "b", 1)).toMatchObject({ day: 2, beforeId: null });
    expect(stepOf(STOPS, "c", -1)).toMatchObject({ day: 2, beforeId: null });
  });

  it("ends at the first and at the last stop", () => {
    expect(stepOf(STOPS, "a", -1)).toBeNull();
    expect(stepOf(STOPS, "c", 1)).toBeNull();
    expect(stepOf(STOPS, "x", 1)).toBeNull();
  });
});
