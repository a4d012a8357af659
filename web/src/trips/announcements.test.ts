import type { Active, Over } from "@dnd-kit/core";
import { describe, expect, it } from "vitest";

import { announcementsFor } from "./announcements";
import { asEntries } from "./days";
import { planOf } from "./edits";
import { stop, trip } from "./fakeTrips";

const { stops } = planOf(trip([stop("a"), stop("b"), stop("c", 2)]));
const said = announcementsFor(asEntries(stops));
const active = (id: string) => ({ id }) as Active;
const over = (id: string) => ({ id }) as Over;

describe("what is heard while dragging", () => {
  it("is which stop it is and where", () => {
    expect(said.onDragStart({ active: active("b") })).toBe(
      "B is picked up. It is stop 2 of 2 on day 1.",
    );
  });

  it("is where it would be", () => {
    expect(said.onDragOver({ active: active("a"), over: over("day-2") })).toBe(
      "A would be stop 1 of 2 on day 2.",
    );
    expect(said.onDragOver({ active: active("a"), over: null })).toBe("A is over no day.");
  });

  it("is where it ended, also where that is where it began", () => {
    expect(said.onDragEnd({ active: active("c"), over: over("a") })).toBe(
      "C is put down. It is stop 1 of 3 on day 1.",
    );
    expect(said.onDragEnd({ active: active("c"), over: null })).toContain("stop 1 of 1 on day 2");
    expect(said.onDragCancel({ active: active("a"), over: over("c") })).toBe(
      "A stays where it was, stop 1 of 2 on day 1.",
    );
  });
});
