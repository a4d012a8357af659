import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { ConnectionError } from "../api/errors";
import type { ItinerarySummary, NewItineraryRequest } from "../api/models";
import { renderWith } from "../testing/services";
import { dayInWords } from "../trips/days";
import { FakeTrips, stop, trip } from "../trips/fakeTrips";
import { AddToTrip } from "./AddToTrip";

const PLACE = { name: "Hotel", latitude: 41, longitude: 12 };

function summary(id: string, name: string, days = 1): ItinerarySummary {
  return {
    itinerary_id: id,
    etag: '"1"',
    name,
    starts_on: "2026-05-01",
    stop_count: days,
    day_count: days,
    created_at: "2026-05-01T10:00:00Z",
    updated_at: "2026-05-01T10:00:00Z",
  };
}

function listing(...itineraries: ItinerarySummary[]) {
  return vi.fn(() => Promise.resolve({ itineraries, next_cursor: null }));
}

function ask() {
  fireEvent.click(screen.getByRole("button", { name: /^Add to a trip/ }));
}

describe("adding to a trip", () => {
  it("offers the trips and their days, and leads to the trip afterwards", async () => {
    const trips = new FakeTrips(trip([stop("a"), stop("b", 2)]));
    renderWith(<AddToTrip place={PLACE} />, {
      listItineraries: listing(summary("01TRIP", "Rome", 2), summary("02", "Oslo")),
      ...trips.api,
    });
    ask();
    const day = (await screen.findByLabelText("Which day?")) as HTMLSelectElement;
    expect([...day.options].map(({ text }) => text)).toEqual([
      dayInWords("2026-05-01", 1),
      dayInWords("2026-05-01", 2),
      `${dayInWords("2026-05-01", 3)} (new)`,
    ]);
    expect(day.value).toBe("2");
    fireEvent.change(day, { target: { value: "1" } });
    fireEvent.click(screen.getByRole("button", { name: "Add it" }));
    const link = await screen.findByRole("link", { name: "Rome" });
    expect(link.getAttribute("href")).toBe("#/trips/01TRIP");
    expect(trips.value.stops.map(({ name, day: on }) => `${name}${on}`)).toEqual([
      "A1",
      "Hotel1",
      "B2",
    ]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("makes a new trip with the place in it, once, also when an answer was lost", async () => {
    const made = trip([stop("a")], { itinerary_id: "09NEW", name: "Weekend" });
    const createItinerary = vi
      .fn((_body: NewItineraryRequest, _key?: string) => Promise.resolve(made))
      .mockRejectedValueOnce(new ConnectionError("timeout"));
    renderWith(<AddToTrip place={PLACE} />, { listItineraries: listing(), createItinerary });
    ask();
    fireEvent.change(await screen.findByLabelText("What is it called?"), {
      target: { value: " Weekend " },
    });
    fireEvent.click(screen.getByRole("button", { name: "Add it" }));
    fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    await screen.findByRole("link", { name: "Weekend" });
    const [[body, key], [, again]] = createItinerary.mock.calls as [
      [NewItineraryRequest, string],
      [NewItineraryRequest, string],
    ];
    expect(body).toMatchObject({ name: "Weekend", stops: [{ name: "Hotel", day: 1 }] });
    expect(key).toBeTruthy();
    expect(again).toBe(key);
  });

  it("adds it once to a trip whose first answer was lost", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    trips.failures = [new ConnectionError("timeout")];
    trips.losesAnswers = true;
    renderWith(<AddToTrip place={PLACE} />, {
      listItineraries: listing(summary("01TRIP", "Rome")),
      ...trips.api,
    });
    ask();
    fireEvent.click(await screen.findByRole("button", { name: "Add it" }));
    fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    await screen.findByRole("link", { name: "Rome" });
    expect(trips.value.stops.map(({ name }) => name)).toEqual(["A", "Hotel"]);
  });

  it("uses another key for another name, which is another trip", async () => {
    const createItinerary = vi.fn((_body: NewItineraryRequest, _key?: string) =>
      Promise.reject(new ConnectionError("timeout")),
    );
    renderWith(<AddToTrip place={PLACE} />, { listItineraries: listing(), createItinerary });
    ask();
    const name = await screen.findByLabelText("What is it called?");
    for (const value of ["Weekend", "Holiday"]) {
      fireEvent.change(name, { target: { value } });
      fireEvent.click(screen.getByRole("button", { name: "Add it" }));
      await screen.findByRole("button", { name: "Try again" });
    }
    await waitFor(() => expect(createItinerary).toHaveBeenCalledTimes(2));
    const [first, second] = createItinerary.mock.calls;
    expect(first?.[1]).not.toBe(second?.[1]);
  });

  it("says so where the trip is full", async () => {
    const full = Array.from({ length: 100 }, (_, at) => stop(`s${at}`));
    const trips = new FakeTrips(trip(full));
    renderWith(<AddToTrip place={PLACE} />, {
      listItineraries: listing(summary("01TRIP", "Rome")),
      ...trips.api,
    });
    ask();
    fireEvent.click(await screen.findByRole("button", { name: "Add it" }));
    expect(await screen.findByText(/100 stops at most/)).toBeTruthy();
  });
});
