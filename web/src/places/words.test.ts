import { describe, expect, it } from "vitest";

import {
  categoryInWords,
  counted,
  distanceInKm,
  distanceInWords,
  minutesOnFoot,
  reasonBeyondDistance,
} from "./words";

describe("distances", () => {
  it("are in metres below a kilometre, in tenths below ten, whole above", () => {
    expect(distanceInKm(0.35)).toBe("350 m");
    expect(distanceInKm(0.9996)).toBe("1 km");
    expect(distanceInKm(1.24)).toBe("1.2 km");
    expect(distanceInKm(9.96)).toBe("10 km");
    expect(distanceInKm(1250.4)).toBe("1,250 km");
  });

  it("are said as what it takes to get there", () => {
    expect(distanceInWords(0.01)).toBe("right here");
    expect(distanceInWords(0.35)).toBe("about 6 minutes on foot");
    expect(distanceInWords(1.2)).toBe("about 20 minutes on foot");
    expect(distanceInWords(3.7)).toBe("about an hour on foot");
    expect(distanceInWords(4.9)).toBe("about 1.3 hours on foot");
    expect(distanceInWords(12)).toBe("a short ride");
    expect(distanceInWords(60)).toBe("a day trip");
    expect(distanceInWords(300)).toBe("some hours by train or car");
    expect(distanceInWords(9000)).toMatch(/^far away/);
  });

  it("never take no time at all", () => {
    expect(minutesOnFoot(0)).toBe(1);
  });
});

describe("reasons", () => {
  it("do not say the distance a second time", () => {
    expect(reasonBeyondDistance("630 m from St. Peter's; a World Heritage site.")).toBe(
      "A World Heritage site.",
    );
    expect(reasonBeyondDistance("12 km from your position.")).toBe("");
  });

  it("stay as they are where they begin with something else", () => {
    const reason = "Close in meaning to what you describe; among the best-known places.";
    expect(reasonBeyondDistance(reason)).toBe(reason);
  });
});

describe("places", () => {
  it("have kinds in plain words, and are counted", () => {
    expect(categoryInWords("archaeological-site")).toBe("archaeological site");
    expect(counted(1, "place")).toBe("1 place");
    expect(counted(1200, "place")).toBe("1,200 places");
    expect(counted(2, "city", "cities")).toBe("2 cities");
  });
});
