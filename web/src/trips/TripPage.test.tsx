import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { ConnectionError } from "../api/errors";
import type { ListedLandmark, RecommendRequest, StopRequest } from "../api/models";
import { type FakeApi, renderWith } from "../testing/services";
import { dayInWords } from "./days";
import { FakeTrips, stop, trip } from "./fakeTrips";
import { TripPage } from "./TripPage";

// Leaflet wants a browser that lays out; the browser tests look at the map.
vi.mock("../map/PlaceMap", () => ({ PlaceMap: ({ name }: { name: string }) => <p>{name}</p> }));

const PANTHEON: ListedLandmark = {
  landmark_id: "pantheon",
  landmark: "Pantheon",
  aliases: [],
  country: "IT",
  city: "Rome",
  latitude: 41.9,
  longitude: 12.47,
  categories: ["temple"],
  unesco: true,
  popularity: 95,
  description: "A dome.",
  distance_km: null,
};

async function open(trips: FakeTrips, more: FakeApi = {}) {
  const view = renderWith(<TripPage id="01TRIP" />, {
    ...trips.api,
    // Never answered: what is said of places would replace what is said of stops.
    recommend: () => new Promise(() => {}),
    ...more,
  });
  await screen.findByRole("heading", { level: 1, name: "Rome" });
  return view;
}

/** Whether the browser would ask before it closes the tab. */
function isAskedBeforeClosing(): boolean {
  return !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

function write(label: string, text: string): HTMLTextAreaElement {
  const field = screen.getAllByLabelText<HTMLTextAreaElement>(label)[0];
  if (!field) throw new Error(`There is no ${label}.`);
  fireEvent.change(field, { target: { value: text } });
  return field;
}

function day(name: string): string[] {
  const section = screen.getByRole("region", { name });
  return [...section.querySelectorAll(".stop-name")].map(({ textContent }) => textContent ?? "");
}

function three() {
  return new FakeTrips(trip([stop("a"), stop("b"), stop("c", 2)], { starts_on: "2026-05-01" }));
}

// How dates are written is up to the browser.
const FIRST = dayInWords("2026-05-01", 1);
const SECOND = dayInWords("2026-05-01", 2);

describe("the page of a trip", () => {
  it("shows the stops by day", async () => {
    await open(three());
    expect(day(FIRST)).toEqual(["A", "B"]);
    expect(day(SECOND)).toEqual(["C"]);
    expect(screen.getByText("Map of 3 stops")).toBeTruthy();
    expect(document.title).toContain("Rome");
  });

  it("moves a stop by its buttons, at once, and keeps the focus on them", async () => {
    const trips = three();
    await open(trips);
    const earlier = screen.getByRole("button", { name: "Earlier: B" });
    earlier.focus();
    fireEvent.click(earlier);
    expect(day(FIRST)).toEqual(["B", "A"]);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Earlier: B");
    expect(screen.getByText("B is now stop 1 of 2 on day 1.")).toBeTruthy();
    await waitFor(() => expect(trips.ids()).toEqual(["b1", "a1", "c2"]));
    // To another day it is another list.
    fireEvent.click(screen.getByRole("button", { name: "Later: A" }));
    expect(day(SECOND)).toEqual(["A", "C"]);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Later: A");
  });

  it("moves a stop to another day", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    fireEvent.change(screen.getByLabelText("Day"), { target: { value: "2" } });
    expect(day(FIRST)).toEqual(["B"]);
    expect(day(SECOND)).toEqual(["C", "A"]);
    await waitFor(() => expect(trips.ids()).toEqual(["b1", "c2", "a2"]));
  });

  it("keeps a note when its field is left", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    const note = screen.getByLabelText("Note");
    fireEvent.change(note, { target: { value: "tickets at nine" } });
    fireEvent.blur(note);
    await waitFor(() => expect(trips.value.stops[0]?.note).toBe("tickets at nine"));
  });

  it("does not undo a note that was written elsewhere", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    const [, b, c] = trips.value.stops;
    trips.elsewhere({ stops: [{ ...stop("a"), note: "at ten" }, b, c] as StopRequest[] });
    fireEvent.click(screen.getByRole("button", { name: "Earlier: B" }));
    await waitFor(() => expect(trips.ids()).toEqual(["b1", "a1", "c2"]));
    const note = screen.getByLabelText<HTMLTextAreaElement>("Note");
    await waitFor(() => expect(note.value).toBe("at ten"));
    fireEvent.blur(note);
    fireEvent.click(screen.getByRole("button", { name: "Later: B" }));
    await waitFor(() => expect(trips.ids()).toEqual(["a1", "b1", "c2"]));
    expect(trips.value.stops[0]?.note).toBe("at ten");
  });

  it("keeps a note when one leaves the page without leaving its field", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    fireEvent.change(screen.getByLabelText("Note"), { target: { value: "tickets at nine" } });
    cleanup();
    await waitFor(() => expect(trips.value.stops[0]?.note).toBe("tickets at nine"));
  });

  it("does not undo a name that was given elsewhere while the form was open", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Change name, date, note" }));
    act(() => trips.elsewhere({ name: "Roma" }));
    fireEvent.click(screen.getByRole("button", { name: "Earlier: B" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Roma" })).toBeTruthy();
    fireEvent.change(screen.getAllByLabelText("Note")[0] as HTMLElement, {
      target: { value: "in spring" },
    });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(trips.value.note).toBe("in spring"));
    expect(trips.value.name).toBe("Roma");
  });

  it("removes a stop, and brings it back to where it was", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove A" }));
    expect(day(FIRST)).toEqual(["B"]);
    await waitFor(() => expect(trips.ids()).toEqual(["b1", "c2"]));
    const undo = screen.getByRole("button", { name: "Undo" });
    expect(document.activeElement).toBe(undo);
    fireEvent.click(undo);
    expect(day(FIRST)).toEqual(["A", "B"]);
    await waitFor(() => expect(trips.value.stops.map(({ name }) => name)).toEqual(["A", "B", "C"]));
  });

  it("takes a change back that failed, says why, and makes it when asked again", async () => {
    const trips = three();
    await open(trips);
    trips.failures = [new ConnectionError("offline")];
    fireEvent.click(screen.getByRole("button", { name: "Earlier: B" }));
    expect(day(FIRST)).toEqual(["B", "A"]);
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(day(FIRST)).toEqual(["A", "B"]);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(trips.ids()).toEqual(["b1", "a1", "c2"]));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("tells of a change that failed after the page was left, when one comes back", async () => {
    const trips = three();
    const { rerender } = await open(trips);
    let letGo = () => {};
    trips.gate = new Promise((resolve) => {
      letGo = resolve;
    });
    trips.failures = [new ConnectionError("offline")];
    fireEvent.click(screen.getByRole("button", { name: "Earlier: B" }));
    rerender(<p>Elsewhere</p>);
    await act(async () => letGo());
    rerender(<TripPage id="01TRIP" />);
    expect(await screen.findByRole("alert")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(trips.ids()).toEqual(["b1", "a1", "c2"]));
  });

  it("leaves a note in its field that could not be saved, and saves it again", async () => {
    const trips = three();
    const { rerender } = await open(trips);
    trips.failures = [new ConnectionError("offline")];
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    fireEvent.blur(write("Note", "tickets at nine"));
    const again = { name: /^Save it again.*the note on A$/ };
    await screen.findByRole("button", again);
    const note = screen.getByLabelText<HTMLTextAreaElement>("Note");
    expect(note.value).toBe("tickets at nine");
    const mark = document.getElementById(note.getAttribute("aria-describedby") ?? "");
    expect(mark?.textContent).toBe("Not saved");
    // Also on leaving and coming back.
    rerender(<p>Elsewhere</p>);
    rerender(<TripPage id="01TRIP" />);
    expect(screen.getByText("tickets at nine")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", again));
    await waitFor(() => expect(trips.value.stops[0]?.note).toBe("tickets at nine"));
    await waitFor(() => expect(screen.queryByRole("button", again)).toBeNull());
  });

  it("leaves a name that could not be saved, in its form, too, and saves it again", async () => {
    const trips = three();
    await open(trips);
    const change = () =>
      fireEvent.click(screen.getByRole("button", { name: "Change name, date, note" }));
    trips.failures = [new ConnectionError("offline")];
    change();
    write("Name", "Roma");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const again = { name: /^Save it again/ };
    await screen.findByRole("button", again);
    expect(screen.getByRole("heading", { level: 1, name: "Roma" })).toBeTruthy();
    change();
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Roma");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(trips.sent).toEqual([{ name: "Roma" }]));
    await waitFor(() => expect(screen.queryByRole("button", again)).toBeNull());
  });

  it("has the browser ask before closing while something is written and not sent", async () => {
    await open(three());
    expect(isAskedBeforeClosing()).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Day, note, remove: A" }));
    write("Note", "tickets at nine");
    expect(isAskedBeforeClosing()).toBe(true);
    write("Note", "");
    expect(isAskedBeforeClosing()).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Change name, date, note" }));
    write("Name", "Roma");
    expect(isAskedBeforeClosing()).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(isAskedBeforeClosing()).toBe(false);
  });

  it("tells of a change that was made elsewhere, and has both", async () => {
    const trips = three();
    await open(trips);
    act(() => trips.elsewhere({ name: "Roma" }));
    fireEvent.click(screen.getByRole("button", { name: "Earlier: B" }));
    expect(await screen.findByText(/with your change in it/)).toBeTruthy();
    expect(screen.getByRole("heading", { level: 1, name: "Roma" })).toBeTruthy();
    expect(day(FIRST)).toEqual(["B", "A"]);
    fireEvent.click(screen.getByRole("button", { name: "All right" }));
    expect(screen.queryByText(/with your change in it/)).toBeNull();
  });

  it("changes the name and leaves alone what was not changed", async () => {
    const trips = three();
    await open(trips);
    fireEvent.click(screen.getByRole("button", { name: "Change name, date, note" }));
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Roma " } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByRole("heading", { level: 1, name: "Roma" })).toBeTruthy();
    await waitFor(() => expect(trips.sent).toEqual([{ name: "Roma" }]));
  });

  it("shows what an order would save, and takes it over", async () => {
    const trips = new FakeTrips(trip([stop("a"), stop("b"), stop("c")]));
    const suggestOrder = vi.fn(() =>
      Promise.resolve({
        day: 1,
        stop_ids: ["a", "c", "b"],
        distance_km: 4.2,
        current_distance_km: 5.6,
        exact: true,
      }),
    );
    await open(trips, { suggestOrder });
    fireEvent.click(screen.getByRole("button", { name: /^Suggest an order/ }));
    expect(await screen.findByText("Saves 1.4 km:")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Use this order" }));
    expect(day("Day 1")).toEqual(["A", "C", "B"]);
    await waitFor(() => expect(trips.ids()).toEqual(["a1", "c1", "b1"]));
    expect(screen.queryByText("Saves 1.4 km:")).toBeNull();
  });

  it("says when there is no shorter order", async () => {
    const trips = new FakeTrips(trip([stop("a"), stop("b"), stop("c")]));
    const order = { day: 1, stop_ids: ["a", "b", "c"], distance_km: 2, current_distance_km: 2 };
    await open(trips, { suggestOrder: () => Promise.resolve({ ...order, exact: true }) });
    fireEvent.click(screen.getByRole("button", { name: /^Suggest an order/ }));
    expect(await screen.findByText("Your order is the shortest there is: 2 km.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Use this order" })).toBeNull();
  });

  it("adds a place that was found by its name, to the day that was chosen", async () => {
    const trips = three();
    const listLandmarks = vi.fn(() =>
      Promise.resolve({ landmarks: [PANTHEON], total: 1, cursor: null }),
    );
    await open(trips, { listLandmarks });
    const add = within(screen.getByRole("region", { name: "Add places" }));
    fireEvent.change(add.getByLabelText("To which day?"), { target: { value: "1" } });
    fireEvent.change(add.getByLabelText(/know by name/), { target: { value: "panth" } });
    fireEvent.click(await add.findByRole("button", { name: /^Add to day 1.*Pantheon$/ }));
    expect(day(FIRST)).toEqual(["A", "B", "Pantheon"]);
    await waitFor(() => expect(trips.value.stops[2]?.landmark_id).toBe("pantheon"));
    expect(add.getByRole("button", { name: /^On day 1.*Pantheon$/ })).toBeTruthy();
  });

  it("looks for places around the first stop as soon as there is one, and then holds still", async () => {
    const trips = new FakeTrips(trip([]));
    const recommend = vi.fn((_request: RecommendRequest) => new Promise<never>(() => {}));
    const other = { ...PANTHEON, landmark_id: "forum", landmark: "Forum" };
    const listLandmarks = () =>
      Promise.resolve({ landmarks: [PANTHEON, other], total: 2, cursor: null });
    await open(trips, { listLandmarks, recommend });
    expect(recommend).not.toHaveBeenCalled();
    fireEvent.change(screen.getByLabelText(/know by name/), { target: { value: "rome" } });
    fireEvent.click(await screen.findByRole("button", { name: /^Add to day 1.*Pantheon$/ }));
    await waitFor(() => expect(recommend).toHaveBeenCalledTimes(1));
    expect(recommend.mock.calls[0]?.[0].itinerary_landmarks).toEqual(["pantheon"]);
    fireEvent.click(screen.getByRole("button", { name: /^Add to day 1.*Forum$/ }));
    const anew = await screen.findByRole("button", { name: "Look around all stops anew" });
    expect(recommend).toHaveBeenCalledTimes(1);
    fireEvent.click(anew);
    await waitFor(() => expect(recommend).toHaveBeenCalledTimes(2));
    expect(recommend.mock.calls[1]?.[0].itinerary_landmarks).toEqual(["pantheon", "forum"]);
  });

  it("asks for dates before it asks for a calendar", async () => {
    const saveItinerary = vi.fn();
    await open(new FakeTrips(trip([stop("a")])), { saveItinerary });
    fireEvent.click(screen.getByRole("button", { name: /calendar/ }));
    expect(screen.getByText(/A calendar needs dates/)).toBeTruthy();
    expect(saveItinerary).not.toHaveBeenCalled();
  });
});
