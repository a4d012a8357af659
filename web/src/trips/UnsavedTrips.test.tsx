import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ConnectionError } from "../api/errors";
import { fakeServices, renderWith } from "../testing/services";
import { moveStop } from "./edits";
import { FakeTrips, stop, trip } from "./fakeTrips";
import type { Stop } from "./stops";
import { UnsavedTrips } from "./UnsavedTrips";

async function withFailure() {
  const trips = new FakeTrips(trip([stop("a"), stop("b")]));
  const services = fakeServices(trips.api);
  const view = renderWith(<UnsavedTrips shownId={null} open />, trips.api, services);
  const editor = services.trips.open("01TRIP");
  await act(() => editor.load());
  trips.failures = [new ConnectionError("offline")];
  const fail = async () => {
    editor.edit(moveStop(editor.state().plan?.stops[1] as Stop, { day: 1, beforeId: "a" }));
    await editor.settled();
  };
  return { ...view, editor, fail };
}

function isAsked(): boolean {
  return !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

const words = () => screen.queryByText(/A change of “Rome” was not saved/);

test("a change that was not saved is told away from its trip, with the way there", async () => {
  const { fail, rerender, editor } = await withFailure();
  expect(words()).toBeNull();
  await act(fail);
  expect(screen.getByRole("status").contains(words())).toBe(true);
  const link = screen.getByRole("link", { name: /^Look at it.*Rome$/ });
  expect(link.getAttribute("href")).toBe("#/trips/01TRIP");
  rerender(<UnsavedTrips shownId="01TRIP" open />);
  expect(words()).toBeNull();
  rerender(<UnsavedTrips shownId="another" open />);
  expect(words()).toBeTruthy();
  await act(async () => {
    editor.retry();
    await editor.settled();
  });
  expect(words()).toBeNull();
});

test("the names of trips are not shown while nobody is signed in", async () => {
  const { fail, rerender } = await withFailure();
  await act(fail);
  rerender(<UnsavedTrips shownId={null} open={false} />);
  expect(words()).toBeNull();
});

test("the browser asks before it closes the tab while a change is unsaved, and only then", async () => {
  const listen = vi.spyOn(window, "addEventListener");
  const { fail, editor } = await withFailure();
  expect(listen.mock.calls.map(([type]) => type)).not.toContain("beforeunload");
  expect(isAsked()).toBe(false);
  let sent = Promise.resolve();
  act(() => {
    sent = fail();
  });
  // On its way.
  expect(editor.state().saving).toBe(true);
  expect(isAsked()).toBe(true);
  await act(() => sent);
  expect(editor.state().failed).toHaveLength(1);
  expect(isAsked()).toBe(true);
  act(() => editor.giveUp());
  expect(isAsked()).toBe(false);
});
