import { expect, test } from "vitest";

import { inPercent, provenance, quotaLeft } from "./words";

test.each([
  [0.999, "over 99 %"],
  [0.92, "92 %"],
  [0.5049, "50 %"],
  [0.001, "under 1 %"],
])("%f is %s", (confidence, words) => {
  expect(inPercent(confidence)).toBe(words);
});

const quota = { limit: 100, remaining: 97, resets_at: "2026-12-01T00:00:00+00:00" };
const description = { description: "", model: "m", cached: false, quota };

test("where words come from is said, and why not from a model", () => {
  expect(provenance({ ...description, source: "llava", reason: null })).toContain("model m");
  const local = provenance({ ...description, source: "local", reason: "no_token" });
  expect(local).toContain("No language model is set up here.");
});

test("what is left of the month is said by the day that it begins anew", () => {
  expect(quotaLeft(quota)).toBe("97 of 100 left until December 1.");
  expect(quotaLeft({ ...quota, remaining: null })).toBe("");
});
