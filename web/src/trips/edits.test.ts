import { describe, expect, it } from "vitest";

import {
  addStop,
  annotateStop,
  CannotApply,
  changeDetails,
  changesBetween,
  type Details,
  moveStop,
  orderDay,
  type Plan,
  planOf,
  removeStop,
  restoreStop,
} from "./edits";
import { stop, trip } from "./fakeTrips";

const PLAN = planOf(trip([stop("a"), stop("b"), stop("c", 2)]));
const [A, B, C] = PLAN.stops as [Plan["stops"][0], Plan["stops"][0], Plan["stops"][0]];
const HOTEL = { name: "Hotel", latitude: 41, longitude: 12 };

function shown({ stops }: Plan): string {
  return stops.map(({ name, day }) => `${name}${day}`).join(" ");
}

describe("an edit", () => {
  it("adds a place at the end of a day", () => {
    expect(shown(addStop(HOTEL, 1).apply(PLAN, PLAN))).toBe("A1 B1 Hotel1 C2");
  });

  it("adds the same place twice if that is wanted", () => {
    const once = addStop(HOTEL, 1).apply(PLAN, PLAN);
    expect(shown(addStop(HOTEL, 1).apply(once, once))).toBe("A1 B1 Hotel1 Hotel1 C2");
  });

  it("does not add again what a newer version has, since its answer was lost", () => {
    const newer = addStop(HOTEL, 1).apply(PLAN, PLAN);
    expect(addStop(HOTEL, 1).apply(newer, PLAN)).toBe(newer);
    expect(shown(addStop(HOTEL, 2).apply(newer, PLAN))).toBe("A1 B1 Hotel1 C2 Hotel2");
  });

  it("refuses to add to a full trip, in words", () => {
    const full = { ...PLAN, stops: Array.from({ length: 100 }, () => A) };
    expect(() => addStop(HOTEL, 1).apply(full, full)).toThrow(CannotApply);
    expect(() => addStop(HOTEL, 1).apply(full, full)).toThrow("100 stops");
  });

  it("moves, annotates and removes", () => {
    expect(shown(moveStop(B, { day: 1, beforeId: "a" }).apply(PLAN, PLAN))).toBe("B1 A1 C2");
    const noted = annotateStop(C, "early").apply(PLAN, PLAN);
    expect(noted.stops.map(({ note }) => note)).toEqual([null, null, "early"]);
    expect(shown(removeStop(A).apply(PLAN, PLAN))).toBe("B1 C2");
  });

  it("says what it has lost when its stop is gone, but takes a removed one for removed", () => {
    const without = removeStop(B).apply(PLAN, PLAN);
    const move = moveStop(B, { day: 2, beforeId: null });
    expect(() => move.apply(without, PLAN)).toThrow("“B” is not in the trip any more");
    expect(() => annotateStop(B, "x").apply(without, PLAN)).toThrow(CannotApply);
    expect(removeStop(B).apply(without, PLAN)).toEqual(without);
  });

  it("brings a removed stop back to its place, with its note, as a new one", () => {
    const noted = { ...PLAN, stops: [{ ...A, note: "early" }, B, C] };
    const removed = { ...A, note: "early" };
    const back = restoreStop(removed, noted.stops).apply(removeStop(A).apply(noted, noted), noted);
    expect(shown(back)).toBe("A1 B1 C2");
    expect(back.stops[0]).toMatchObject({ note: "early", landmark_id: "a" });
    expect(back.stops[0]?.stop_id).not.toBe("a");
  });

  it("takes over an order of exactly the stops that a day has", () => {
    expect(shown(orderDay(1, ["b", "a"]).apply(PLAN, PLAN))).toBe("B1 A1 C2");
    for (const ids of [["a"], ["a", "b", "c"], ["a", "x"]]) {
      expect(() => orderDay(1, ids).apply(PLAN, PLAN)).toThrow(CannotApply);
    }
  });
});

describe("what PATCH is told", () => {
  it("is nothing where nothing has changed", () => {
    expect(changesBetween(PLAN, { ...PLAN, stops: [...PLAN.stops] })).toBeNull();
  });

  it("is what has changed alone, and null for what is removed", () => {
    const make = (changes: Partial<Details>, plan: Plan) =>
      changeDetails(changes).reduce((sofar, edit) => edit.apply(sofar, PLAN), plan);
    const named = make({ name: "Roma", note: null }, { ...PLAN, note: "x" });
    expect(changesBetween({ ...PLAN, note: "x" }, named)).toEqual({ name: "Roma", note: null });
    const dated = make({ starts_on: "2026-05-01" }, PLAN);
    expect(changesBetween(PLAN, dated)).toEqual({ starts_on: "2026-05-01" });
  });

  it("is the whole list of stops as it shall be", () => {
    const after = removeStop(A).apply(PLAN, PLAN);
    expect(changesBetween(PLAN, after)?.stops?.map(({ stop_id }) => stop_id)).toEqual(["b", "c"]);
  });
});
