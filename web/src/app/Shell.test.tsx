import { act, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ConnectionError } from "../api/errors";
import { Session } from "../api/session";
import { PhotoDesk } from "../photo/desk";
import { KNOWN } from "../testing/answers";
import { ANNA, renderWith } from "../testing/services";
import { changeDetails } from "../trips/edits";
import { FakeTrips, stop, trip } from "../trips/fakeTrips";
import { Shell } from "./Shell";

vi.mock("../places/Places", () => ({ Places: () => null }));
vi.mock("../places/AddToTrip", () => ({ AddToTrip: () => null }));
vi.mock("../history/PredictionPage", async () => {
  const { useEffect, useState } = await import("react");
  const { useSession } = await import("./context");
  // Keeps what it has loaded, as pages do.
  function PredictionPage() {
    const now = useSession()?.username;
    const [loadedFor] = useState(now);
    useEffect(() => {
      document.title = `What ${loadedFor} saw`;
    }, [loadedFor]);
    return <h1>What {loadedFor} saw</h1>;
  }
  return { PredictionPage };
});

const BEN = { ...ANNA, user_id: "01BEN", username: "ben" };
const photo = new File(["photo"], "rome.jpg", { type: "image/jpeg" });

function withPhoto() {
  const desk = new PhotoDesk({ predict: async () => KNOWN }, async (same) => same);
  const view = renderWith(<Shell />, {}, { desk });
  act(() => desk.put(photo));
  return view;
}

const arrived = () => screen.findByRole("heading", { name: "Colosseum" });

test("whoever is signed in can go everywhere, and is told where they are", () => {
  renderWith(<Shell />);
  const links = screen.getAllByRole("link").filter((link) => link.closest("nav"));
  expect(links.map(({ textContent }) => textContent)).toEqual([
    "Photo",
    "Trips",
    "History",
    "Account",
  ]);
  expect(links[0]?.getAttribute("aria-current")).toBe("page");
});

test("a session that ended asks for the password, says why, and keeps the photo", async () => {
  const { services } = withPhoto();
  await arrived();
  act(() => services.session.end({ expired: true }));
  expect(screen.getByText(/You have been signed out/)).toBeTruthy();
  expect(screen.queryByRole("navigation")).toBeNull();
  act(() => void services.session.keep({ ...ANNA, access_token: "access 2" }));
  await arrived();
});

test("signing out leaves nothing on the page", async () => {
  const { services } = withPhoto();
  await arrived();
  act(() => services.session.end());
  expect(screen.queryByText(/You have been signed out/)).toBeNull();
  expect(services.desk.current().step).toBe("empty");
});

test("the next user finds an empty page", async () => {
  const { services } = withPhoto();
  await arrived();
  act(() => services.session.end({ expired: true }));
  act(() => void services.session.keep(BEN));
  expect(services.desk.current().step).toBe("empty");
});

test("a tab that slept while somebody else signed in shows nothing of the user before", async () => {
  location.hash = "#/history/7";
  const { services } = renderWith(<Shell />);
  await screen.findByRole("heading", { name: "What anna saw" });
  // In another tab, and this one does not hear of it.
  new Session("https://api.test", () => Promise.reject(new Error("not expected"))).keep(BEN);
  act(() => void window.dispatchEvent(new Event("pageshow")));
  await screen.findByRole("heading", { name: "What ben saw" });
  expect(screen.queryByRole("heading", { name: "What anna saw" })).toBeNull();
  act(() => services.session.end());
  await waitFor(() => expect(document.title).toBe("History · Where was this?"));
});

test("a change of a trip that was not saved is told on every page, and to nobody else", async () => {
  const trips = new FakeTrips(trip([stop("a"), stop("b")]));
  const { services } = renderWith(<Shell />, {
    ...trips.api,
  });
  const editor = services.trips.open("01TRIP");
  await editor.load();
  trips.failures = [new ConnectionError("offline")];
  await act(async () => {
    editor.edit(...changeDetails({ name: "Roma" }));
    await editor.settled();
  });
  expect(screen.getByText(/A change of “Rome” was not saved/)).toBeTruthy();
  // Whoever sees the page now has not signed in.
  act(() => services.session.end({ expired: true }));
  expect(screen.queryByText(/was not saved/)).toBeNull();
  act(() => void services.session.keep(ANNA));
  expect(screen.getByText(/was not saved/)).toBeTruthy();
  act(() => services.session.end());
  act(() => void services.session.keep(BEN));
  expect(screen.queryByText(/was not saved/)).toBeNull();
});

test("having no connection is said on every page", () => {
  renderWith(<Shell />);
  vi.stubGlobal("navigator", { onLine: false });
  act(() => void window.dispatchEvent(new Event("offline")));
  expect(screen.getByText(/You are offline/)).toBeTruthy();
});
