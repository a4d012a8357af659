import { beforeEach, describe, expect, it, vi } from "vitest";

import { ConnectionError, SessionEndedError } from "../api/errors";
import { Session } from "../api/session";
import { ANNA } from "../testing/services";
import { TripEditors } from "./editors";
import { annotateStop, moveStop } from "./edits";
import { FakeTrips, stop, trip } from "./fakeTrips";
import type { Stop } from "./stops";

const BEN = { ...ANNA, user_id: "01BEN", username: "ben" };
const FIRST = { day: 1, beforeId: "a" };
const TOLD = { id: "01TRIP", name: "Rome" };

let trips: FakeTrips;
let session: Session;
let editors: TripEditors;

beforeEach(() => {
  trips = new FakeTrips(trip([stop("a"), stop("b")]));
  session = new Session("https://api.test", () => Promise.reject(new Error("not expected")));
  session.keep(ANNA);
  editors = new TripEditors(trips, session);
});

async function open() {
  const editor = editors.open("01TRIP");
  await editor.load();
  const [a, b] = (editor.state().plan?.stops ?? []) as [Stop, Stop];
  return { editor, a, b };
}

async function openWithFailure(error: Error = new ConnectionError("offline")) {
  const opened = await open();
  trips.failures = [error];
  opened.editor.edit(moveStop(opened.b, FIRST));
  await opened.editor.settled();
  return opened.editor;
}

/** Hold the answers to changes back. */
function hold(): () => void {
  let letGo = () => {};
  trips.gate = new Promise((resolve) => {
    letGo = resolve;
  });
  return letGo;
}

describe("an editor whose page was left", () => {
  it("is found again with the change that failed, until that is settled", async () => {
    const editor = await openWithFailure();
    expect(editors.state()).toEqual({ isUnsaved: true, toTell: [TOLD] });
    const again = editors.open("01TRIP");
    expect(again).toBe(editor);
    again.retry();
    await again.settled();
    expect(trips.ids()).toEqual(["b1", "a1"]);
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [] });
    expect(editors.open("01TRIP")).not.toBe(editor);
  });

  it("is found again while it sends, and not longer", async () => {
    const { editor, b } = await open();
    const letGo = hold();
    editor.edit(moveStop(b, FIRST));
    expect(editors.open("01TRIP")).toBe(editor);
    expect(editors.open("another")).not.toBe(editor);
    // On its way is not lost yet.
    expect(editors.state()).toEqual({ isUnsaved: true, toTell: [] });
    letGo();
    await editor.settled();
    expect(editors.open("01TRIP")).not.toBe(editor);
  });

  it("is kept though the change comes with its page's leaving", async () => {
    const { editor, a } = await open();
    expect(editors.open("01TRIP")).not.toBe(editor);
    trips.failures = [new ConnectionError("offline")];
    editor.edit(annotateStop(a, "at nine"));
    await editor.settled();
    expect(editors.open("01TRIP")).toBe(editor);
  });

  it("tells of a change that did not fit", async () => {
    const { editor, b } = await open();
    trips.elsewhere({ stops: [stop("a")] });
    editor.edit(moveStop(b, FIRST));
    await editor.settled();
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [TOLD] });
    const again = editors.open("01TRIP");
    expect(again.state().notices.join(" ")).toContain("“B” is not in the trip any more");
    again.dismiss();
    expect(editors.state().toTell).toEqual([]);
    expect(editors.open("01TRIP")).not.toBe(editor);
  });

  it("has nothing to say of a trip that is deleted", async () => {
    const editor = await openWithFailure();
    editors.forget("01TRIP");
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [] });
    expect(editors.open("01TRIP")).not.toBe(editor);
  });
});

describe("what a user has left", () => {
  it("is dropped by signing out", async () => {
    const editor = await openWithFailure();
    session.end();
    session.keep(ANNA);
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [] });
    expect(editors.open("01TRIP")).not.toBe(editor);
    // A page that goes with the session does not bring it back.
    editor.retry();
    expect(editors.open("01TRIP")).not.toBe(editor);
    expect(trips.sent).toEqual([]);
  });

  it("is not found by another, in whatever tab that one has signed in", async () => {
    const editor = await openWithFailure();
    new Session("https://api.test", () => Promise.reject(new Error("not expected"))).keep(BEN);
    expect(editors.open("01TRIP")).not.toBe(editor);
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [] });
  });

  it("is not sent in another's name", async () => {
    const { editor, a, b } = await open();
    const letGo = hold();
    editor.edit(moveStop(b, FIRST));
    editor.edit(annotateStop(a, "for nobody else"));
    session.end({ expired: true });
    session.keep(BEN);
    letGo();
    await editor.settled();
    editor.edit(annotateStop(a, "for nobody else"));
    // What was on its way before, and nothing after it.
    expect(trips.sent).toHaveLength(1);
    expect(trips.value.stops.map(({ note }) => note)).toEqual([null, null]);
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [] });
  });

  it("is not asked for again in another's name either", async () => {
    const { editor, b } = await open();
    const show = vi.spyOn(trips, "showItinerary");
    const letGo = hold();
    editor.edit(moveStop(b, FIRST));
    trips.elsewhere({ name: "Roma" });
    session.end();
    session.keep(BEN);
    letGo();
    await editor.settled();
    expect(show).not.toHaveBeenCalled();
    expect(trips.sent).toEqual([]);
  });

  it("is sent when they sign in again after their session ended by itself", async () => {
    const editor = await openWithFailure(new SessionEndedError());
    session.end({ expired: true });
    expect(editors.open("01TRIP")).toBe(editor);
    session.keep(ANNA);
    await editor.settled();
    expect(trips.ids()).toEqual(["b1", "a1"]);
    expect(editors.state()).toEqual({ isUnsaved: false, toTell: [] });
  });
});
