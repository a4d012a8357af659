import { describe, expect, it } from "vitest";

import { countItems, type Exported, exportName, shareOf } from "./exported";

const PROFILE = {
  user_id: "01ANNA",
  email: "anna@example.com",
  username: "anna",
  created_at: "2026-05-01T10:00:00Z",
  itinerary_count: 1,
  prediction_count: 3,
};
const WHOLE: Exported = {
  exported_at: "2026-05-01T23:30:00.000+00:00",
  profile: PROFILE,
  predictions: [{}, {}, {}],
  itineraries: [{}],
  sessions: [{}],
  usage: [],
  requests: [{}],
};

describe("the file with everything", () => {
  it("is named by its day", () => {
    expect(exportName(WHOLE)).toBe("travel-data-2026-05-01.json");
  });

  it("is counted without the account itself", () => {
    expect(countItems(WHOLE)).toBe(6);
  });

  it("is told by how much of it has come", () => {
    expect(shareOf(0, PROFILE)).toBe(0);
    expect(shareOf(2, PROFILE)).toBe(0.5);
    // Sign-ins come on top of what is counted.
    expect(shareOf(6, PROFILE)).toBe(1);
    expect(shareOf(1, { ...PROFILE, itinerary_count: 0, prediction_count: 0 })).toBe(0);
  });
});
