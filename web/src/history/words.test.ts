import { describe, expect, it } from "vitest";

import type { FeedbackResponse } from "../api/models";
import { aPrediction } from "../testing/predictions";
import { nameOf, saidOf, surenessOf } from "./words";

describe("a line of the history", () => {
  it("has the landmark and how sure the answer was", () => {
    expect(nameOf(aPrediction())).toBe("Colosseum");
    expect(surenessOf(aPrediction())).toBe("Fairly sure, 81 %");
  });

  it("says what was seen on a photo that was not recognised", () => {
    const unknown = aPrediction({ recognised: false, landmark: null, confidence_level: "low" });
    expect(nameOf(unknown)).toBe("Not recognised");
    expect(surenessOf(unknown)).toBe("No landmark I know; I saw: palace");
    expect(surenessOf({ ...unknown, scene: [] })).toBe("No landmark I know");
  });

  it("says what was said to it", () => {
    expect(saidOf(aPrediction({ feedback: null }))).toBeNull();
    expect(saidAfter({ correct: true })).toBe("You said it was right");
    expect(saidAfter({})).toBe("You said it was wrong");
    expect(saidAfter({ landmark: "the arena in Arles" })).toBe(
      "You said it was the arena in Arles",
    );
  });

  it("has names where ids were said", () => {
    expect(saidAfter({ landmark: "colosseum" })).toBe("You said it was Colosseum");
    expect(saidAfter({ landmark: "arles-amphitheatre" })).toBe(
      "You said it was Arles Amphitheatre",
    );
  });
});

function saidAfter(said: Partial<FeedbackResponse>): string | null {
  const nothing = {
    correct: false,
    landmark: null,
    comment: null,
    given_at: "2026-05-01T10:00:00Z",
  };
  return saidOf(aPrediction({ feedback: { ...nothing, ...said } }));
}
