import { describe, expect, it } from "vitest";

import { aPrediction } from "../testing/predictions";
import { dayAndTimeOf, groupByDay, timeOf } from "./days";

const NOW = new Date(2026, 4, 2, 9, 30);

function madeAt(local: Date) {
  return aPrediction({ created_at: local.toISOString() });
}

describe("the history by days", () => {
  it("names today and yesterday, and dates what is older", () => {
    const days = groupByDay(
      [
        madeAt(new Date(2026, 4, 2, 0, 5)),
        madeAt(new Date(2026, 4, 1, 23, 55)),
        madeAt(new Date(2026, 3, 30, 12, 0)),
        madeAt(new Date(2025, 11, 31, 12, 0)),
      ],
      NOW,
    );
    // Whether there is a comma depends on the version of the browser.
    expect(days.map((day) => day.title.replace(",", ""))).toEqual([
      "Today",
      "Yesterday",
      "Thursday 30 April",
      "31 December 2025",
    ]);
  });

  it("keeps the order of what was made on one day", () => {
    const late = madeAt(new Date(2026, 4, 2, 9, 0));
    const early = madeAt(new Date(2026, 4, 2, 8, 0));
    const days = groupByDay([late, early], NOW);
    expect(days).toHaveLength(1);
    expect(days[0]?.predictions).toEqual([late, early]);
  });

  it("knows yesterday across the ends of months and years", () => {
    const days = groupByDay([madeAt(new Date(2025, 11, 31, 23, 59))], new Date(2026, 0, 1, 0, 1));
    expect(days[0]?.title).toBe("Yesterday");
  });

  it("has no days without predictions", () => {
    expect(groupByDay([], NOW)).toEqual([]);
  });

  it("tells times as the reader's clock has them", () => {
    const moment = new Date(2026, 4, 2, 9, 5).toISOString();
    expect(timeOf(moment)).toBe("09:05");
    expect(dayAndTimeOf(moment)).toBe("2 May 2026 at 09:05");
  });
});
