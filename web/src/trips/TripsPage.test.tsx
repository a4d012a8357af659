import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { ApiError, ConnectionError } from "../api/errors";
import type { ItinerarySummary, NewItineraryRequest } from "../api/models";
import { renderWith } from "../testing/services";
import { changeDetails } from "./edits";
import { FakeTrips, stop, trip } from "./fakeTrips";
import { TripsPage } from "./TripsPage";

function summary(id: string, name: string): ItinerarySummary {
  return {
    itinerary_id: id,
    etag: '"1"',
    name,
    starts_on: null,
    stop_count: 2,
    day_count: 1,
    created_at: "2026-05-01T10:00:00Z",
    updated_at: "2026-05-01T10:00:00Z",
  };
}

const onePage = (...itineraries: ItinerarySummary[]) =>
  vi.fn(() => Promise.resolve({ itineraries, next_cursor: null }));

describe("the page of all trips", () => {
  it("lists them page by page", async () => {
    const listItineraries = vi.fn(({ cursor }: { cursor?: string | null | undefined } = {}) =>
      Promise.resolve(
        cursor
          ? { itineraries: [summary("2", "Oslo")], next_cursor: null }
          : { itineraries: [summary("1", "Rome")], next_cursor: "more" },
      ),
    );
    renderWith(<TripsPage />, { listItineraries });
    expect((await screen.findByRole("link", { name: "Rome" })).getAttribute("href")).toBe(
      "#/trips/1",
    );
    fireEvent.click(screen.getByRole("button", { name: "Show more trips" }));
    expect(await screen.findByRole("link", { name: "Oslo" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Rome" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: /more trips/ })).toBeNull();
  });

  it("makes a trip and goes there", async () => {
    const createItinerary = vi.fn((_body: NewItineraryRequest, _key?: string) =>
      Promise.resolve(trip([], { itinerary_id: "07" })),
    );
    renderWith(<TripsPage />, { listItineraries: onePage(), createItinerary });
    expect(await screen.findByText(/No trips yet/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText("What is it called?"), { target: { value: "Rome" } });
    fireEvent.change(screen.getByLabelText(/First day/), { target: { value: "2026-05-01" } });
    fireEvent.click(screen.getByRole("button", { name: "Make it" }));
    await waitFor(() => expect(location.hash).toBe("#/trips/07"));
    expect(createItinerary.mock.calls[0]?.[0]).toEqual({ name: "Rome", starts_on: "2026-05-01" });
  });

  it("deletes a trip after asking, with the version that is shown", async () => {
    const deleteItinerary = vi.fn((_id: string, _etag: string) => Promise.resolve());
    const listItineraries = onePage(summary("1", "Rome"), summary("2", "Oslo"));
    renderWith(<TripsPage />, { listItineraries, deleteItinerary });
    fireEvent.click(await screen.findByRole("button", { name: "Delete the trip Rome" }));
    const question = within(screen.getByRole("dialog"));
    expect(question.getByText(/with its 2 stops, for good/)).toBeTruthy();
    expect(deleteItinerary).not.toHaveBeenCalled();
    fireEvent.click(question.getByRole("button", { name: "Delete it" }));
    await waitFor(() => expect(screen.queryByRole("link", { name: "Rome" })).toBeNull());
    expect(screen.getByRole("link", { name: "Oslo" })).toBeTruthy();
    expect(deleteItinerary).toHaveBeenCalledWith("1", '"1"');
  });

  it("leaves nothing to be saved of a trip that it deletes", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    const { services } = renderWith(<TripsPage />, {
      listItineraries: onePage(summary("01TRIP", "Rome")),
      deleteItinerary: () => Promise.resolve(),
      ...trips.api,
    });
    const editor = services.trips.open("01TRIP");
    await editor.load();
    trips.failures = [new ConnectionError("offline")];
    editor.edit(...changeDetails({ name: "Roma" }));
    await editor.settled();
    expect(services.trips.state().isUnsaved).toBe(true);
    fireEvent.click(await screen.findByRole("button", { name: "Delete the trip Rome" }));
    fireEvent.click(screen.getByRole("button", { name: "Delete it" }));
    await waitFor(() => expect(screen.queryByRole("link", { name: "Rome" })).toBeNull());
    expect(services.trips.state()).toEqual({ isUnsaved: false, toTell: [] });
  });

  it("asks again where the trip was changed since", async () => {
    const deleteItinerary = vi
      .fn((_id: string, _etag: string) => Promise.resolve())
      .mockRejectedValueOnce(new ApiError(412, "Changed."));
    const newer = trip([stop("a"), stop("b"), stop("c")], { etag: '"2"' });
    renderWith(<TripsPage />, {
      listItineraries: onePage(summary("1", "Rome")),
      deleteItinerary,
      showItinerary: () => Promise.resolve({ value: newer, etag: '"2"' }),
    });
    fireEvent.click(await screen.findByRole("button", { name: "Delete the trip Rome" }));
    fireEvent.click(screen.getByRole("button", { name: "Delete it" }));
    expect(await screen.findByText(/It has 3 stops now/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Rome" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Delete it" }));
    await waitFor(() => expect(screen.queryByRole("link", { name: "Rome" })).toBeNull());
    expect(deleteItinerary.mock.lastCall).toEqual(["1", '"2"']);
  });
});
