import { describe, expect, it } from "vitest";

import {
  asRequests,
  isSamePlace,
  isSameVisit,
  isStored,
  moved,
  newStop,
  nextOnDay,
  type Stop,
} from "./stops";

function stop(id: string, day = 1): Stop {
  const place = { name: id, latitude: 1, longitude: 2, landmark_id: id };
  return { ...place, stop_id: id, day, note: null };
}

function shown(stops: readonly Stop[]): string {
  return stops.map(({ stop_id, day }) => `${stop_id}${day}`).join(" ");
}

const [A, B, C, D] = [stop("a"), stop("b"), stop("c", 2), stop("d", 2)] as const;
const ALL = [A, B, C, D];

describe("moving a stop", () => {
  it("puts it before another one of its day", () => {
    expect(shown(moved(ALL, B, 1, "a"))).toBe("b1 a1 c2 d2");
    expect(shown(moved(ALL, D, 2, "c"))).toBe("a1 b1 d2 c2");
  });

  it("puts it at the end of a day without a neighbour", () => {
    expect(shown(moved(ALL, A, 1, null))).toBe("b1 a1 c2 d2");
    expect(shown(moved(ALL, A, 2, null))).toBe("b1 c2 d2 a2");
    expect(shown(moved(ALL, A, 5, null))).toBe("b1 c2 d2 a5");
    expect(shown(moved(ALL, D, 1, null))).toBe("a1 b1 d1 c2");
  });

  it("puts it between stops of another day", () => {
    expect(shown(moved(ALL, A, 2, "d"))).toBe("b1 c2 a2 d2");
  });

  it("goes to the end where the neighbour is gone or on another day by now", () => {
    expect(shown(moved(ALL, A, 2, "gone"))).toBe("b1 c2 d2 a2");
    expect(shown(moved(ALL, A, 2, "b"))).toBe("b1 c2 d2 a2");
  });

  it("leaves the list that it was given as it was", () => {
    moved(ALL, A, 2, null);
    expect(shown(ALL)).toBe("a1 b1 c2 d2");
  });
});

describe("stops for the API", () => {
  it("have ids where the API has them, and none where it has not", () => {
    const made = newStop({ name: "Hotel", latitude: 1, longitude: 2 }, 3);
    expect(isStored(made)).toBe(false);
    expect(isStored(A)).toBe(true);
    const [known, fresh] = asRequests([A, made]);
    expect(known).toHaveProperty("stop_id", "a");
    expect(fresh).not.toHaveProperty("stop_id");
    expect(fresh).toMatchObject({ day: 3, name: "Hotel", landmark_id: null });
  });

  it("made on this page never share an id", () => {
    const place = { name: "Hotel", latitude: 1, longitude: 2 };
    expect(newStop(place, 1).stop_id).not.toBe(newStop(place, 1).stop_id);
  });
});

describe("the same place", () => {
  it("is one with the same landmark, whatever it is called", () => {
    expect(isSamePlace(A, { ...A, name: "other", latitude: 9 })).toBe(true);
    expect(isSamePlace(A, { ...A, landmark_id: "b" })).toBe(false);
  });

  it("is one of the same name at the same spot where there is no landmark", () => {
    const hotel = { name: "Hotel", latitude: 41.123456789, longitude: 12 };
    expect(isSamePlace(hotel, { ...hotel, latitude: 41.1234568 })).toBe(true);
    expect(isSamePlace(hotel, { ...hotel, latitude: 41.2 })).toBe(false);
    expect(isSamePlace(hotel, { ...hotel, name: "Inn" })).toBe(false);
  });

  it("on another day is another visit", () => {
    expect(isSameVisit(A, { ...A, day: 1 })).toBe(true);
    expect(isSameVisit(A, { ...A, day: 2 })).toBe(false);
  });

  it("has the next stop of its day after it", () => {
    expect(nextOnDay(ALL, A)).toBe("b");
    expect(nextOnDay(ALL, B)).toBeNull();
  });
});
