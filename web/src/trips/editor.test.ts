import { describe, expect, it, vi } from "vitest";

import { ApiError, ConnectionError } from "../api/errors";
import { TripEditor } from "./editor";
import { addStop, annotateStop, changeDetails, moveStop, removeStop, restoreStop } from "./edits";
import { FakeTrips, stop, trip } from "./fakeTrips";
import type { Stop } from "./stops";

const HOTEL = { name: "Hotel", latitude: 41, longitude: 12 };
const FIRST = { day: 1, beforeId: "a" };

async function open(trips = new FakeTrips(trip([stop("a"), stop("b"), stop("c", 2)]))) {
  const editor = new TripEditor(trips, "01TRIP");
  await editor.load();
  const shown = () =>
    editor.state().plan?.stops.map(({ stop_id, day }) => `${stop_id}${day}`) ?? [];
  const [a, b, c] = (editor.state().plan?.stops ?? []) as [Stop, Stop, Stop];
  return { trips, editor, shown, a, b, c };
}

describe("a change", () => {
  it("is shown at once and stored after", async () => {
    const { trips, editor, shown, b } = await open();
    editor.edit(moveStop(b, FIRST));
    expect(shown()).toEqual(["b1", "a1", "c2"]);
    expect(editor.state().saving).toBe(true);
    expect(trips.ids()).toEqual(["a1", "b1", "c2"]);
    await editor.settled();
    expect(trips.ids()).toEqual(["b1", "a1", "c2"]);
    expect(editor.state()).toMatchObject({ saving: false, error: undefined, notices: [] });
  });

  it("that comes while another is on its way follows it, several as one", async () => {
    const { trips, editor, shown, a, b, c } = await open();
    let openGate = () => {};
    trips.gate = new Promise((resolve) => {
      openGate = resolve;
    });
    editor.edit(moveStop(b, FIRST));
    editor.edit(moveStop(a, { day: 2, beforeId: null }));
    editor.edit(annotateStop(c, "early"));
    expect(shown()).toEqual(["b1", "c2", "a2"]);
    openGate();
    await editor.settled();
    expect(trips.sent).toHaveLength(2);
    expect(trips.ids()).toEqual(["b1", "c2", "a2"]);
    expect(shown()).toEqual(["b1", "c2", "a2"]);
    expect(trips.value.stops[1]?.note).toBe("early");
  });

  it("that changes nothing is not sent", async () => {
    const { trips, editor } = await open();
    editor.edit(...changeDetails({ name: "Rome" }));
    await editor.settled();
    expect(trips.sent).toEqual([]);
  });

  it("that cannot be made is explained, and not sent", async () => {
    const { trips, editor, shown } = await open();
    const gone: Stop = { ...stop("x"), name: "Pantheon" };
    editor.edit(moveStop(gone, FIRST));
    await editor.settled();
    expect(editor.state().notices[0]).toContain("“Pantheon” is not in the trip any more");
    expect(shown()).toEqual(["a1", "b1", "c2"]);
    expect(trips.sent).toEqual([]);
  });
});

describe("a trip that was changed elsewhere meanwhile", () => {
  it("has both changes, and the traveller is told", async () => {
    const { trips, editor, shown, b } = await open();
    trips.elsewhere({ name: "Roma" });
    editor.edit(moveStop(b, FIRST));
    await editor.settled();
    expect(trips.ids()).toEqual(["b1", "a1", "c2"]);
    expect(trips.value.name).toBe("Roma");
    expect(editor.state().plan?.name).toBe("Roma");
    expect(shown()).toEqual(["b1", "a1", "c2"]);
    expect(editor.state().notices).toHaveLength(1);
    expect(editor.state().notices[0]).toContain("with your change in it");
    expect(editor.state().error).toBeUndefined();
  });

  it("keeps stops that were added there", async () => {
    const { trips, editor, c } = await open();
    const [first, second, third] = trips.value.stops;
    trips.elsewhere({
      stops: [first, second, third, { name: "Inn", latitude: 1, longitude: 2, day: 2 }].flatMap(
        (one) => one ?? [],
      ),
    });
    editor.edit(removeStop(c));
    await editor.settled();
    expect(trips.value.stops.map(({ name }) => name)).toEqual(["A", "B", "Inn"]);
  });

  it("says which change did not fit, and makes the others", async () => {
    const { trips, editor, a, b } = await open();
    trips.elsewhere({ stops: trips.value.stops.filter(({ stop_id }) => stop_id !== "b") });
    trips.gate = Promise.resolve();
    editor.edit(moveStop(b, FIRST));
    editor.edit(annotateStop(a, "early"));
    await editor.settled();
    expect(trips.value.stops.map(({ name, note }) => `${name} ${note}`)).toEqual([
      "A early",
      "C null",
    ]);
    expect(editor.state().notices.join(" ")).toContain("“B” is not in the trip any more");
  });

  it("that never holds still ends in an error, with the change taken back", async () => {
    const { trips, editor, shown, b } = await open();
    const changed = new ApiError(412, "Changed.");
    trips.failures = [changed, changed, changed, changed];
    editor.edit(moveStop(b, FIRST));
    await editor.settled();
    expect(editor.state().error).toBe(changed);
    expect(shown()).toEqual(["a1", "b1", "c2"]);
  });
});

describe("a change that fails", () => {
  it("is taken back and kept for another try", async () => {
    const { trips, editor, shown, b } = await open();
    const offline = new ConnectionError("offline");
    trips.failures = [offline];
    editor.edit(moveStop(b, FIRST));
    await editor.settled();
    expect(shown()).toEqual(["a1", "b1", "c2"]);
    expect(editor.state().error).toBe(offline);
    editor.retry();
    expect(editor.state().error).toBeUndefined();
    await editor.settled();
    expect(trips.ids()).toEqual(["b1", "a1", "c2"]);
  });

  it("takes those with it that came after, which may rest on it", async () => {
    const { trips, editor, shown, a, b } = await open();
    trips.failures = [new ConnectionError("offline")];
    editor.edit(moveStop(b, FIRST));
    editor.edit(moveStop(a, { day: 2, beforeId: null }));
    await editor.settled();
    expect(shown()).toEqual(["a1", "b1", "c2"]);
    editor.retry();
    await editor.settled();
    expect(trips.ids()).toEqual(["b1", "c2", "a2"]);
  });

  it("but was made all the same is not made twice", async () => {
    const { trips, editor } = await open();
    trips.failures = [new ConnectionError("timeout")];
    trips.losesAnswers = true;
    editor.edit(addStop(HOTEL, 1));
    await editor.settled();
    expect(editor.state().error).toBeInstanceOf(ConnectionError);
    trips.losesAnswers = false;
    editor.retry();
    await editor.settled();
    expect(trips.value.stops.filter(({ name }) => name === "Hotel")).toHaveLength(1);
    expect(editor.state()).toMatchObject({ error: undefined, notices: [] });
  });
});

describe("what was written and could not be saved", () => {
  async function failing() {
    const opened = await open();
    const note = () => opened.editor.state().plan?.stops[0]?.note;
    const fields = () => opened.editor.state().failed.map(({ field }) => field);
    opened.trips.failures = [new ConnectionError("offline")];
    opened.editor.edit(annotateStop(opened.a, "at nine"));
    await opened.editor.settled();
    return { ...opened, note, fields };
  }

  it("stays, and is saved on another try", async () => {
    const { trips, editor, note, fields } = await failing();
    expect(note()).toBe("at nine");
    expect(fields()).toEqual(["note of a"]);
    editor.retry();
    await editor.settled();
    expect(trips.value.stops[0]?.note).toBe("at nine");
    expect(editor.state()).toMatchObject({ failed: [], error: undefined });
  });

  it("stays beside other changes that are made, and goes on being told", async () => {
    const { trips, editor, b, note, fields, shown } = await failing();
    editor.edit(moveStop(b, FIRST));
    await editor.settled();
    expect(trips.ids()).toEqual(["b1", "a1", "c2"]);
    expect(shown()).toEqual(["b1", "a1", "c2"]);
    expect(editor.state().plan?.stops[1]?.note).toBe("at nine");
    expect(fields()).toEqual(["note of a"]);
    expect(editor.state().error).toBeInstanceOf(ConnectionError);
    expect(note()).toBeNull();
  });

  it("is gone when something else is written there", async () => {
    const { trips, editor, a } = await failing();
    editor.edit(annotateStop(a, "at ten"));
    await editor.settled();
    expect(editor.state()).toMatchObject({ failed: [], error: undefined });
    expect(trips.sent).toHaveLength(1);
    expect(trips.value.stops[0]?.note).toBe("at ten");
  });

  it("is taken back on asking alone", async () => {
    const { editor, note } = await failing();
    editor.dismiss();
    expect(note()).toBe("at nine");
    editor.giveUp();
    expect(note()).toBeNull();
    expect(editor.state()).toMatchObject({ failed: [], error: undefined });
  });

  it("is each field of the details on its own", async () => {
    const { trips, editor } = await open();
    trips.failures = [new ConnectionError("offline")];
    editor.edit(...changeDetails({ name: "Roma", note: "in spring" }));
    await editor.settled();
    editor.edit(...changeDetails({ name: "Roma 2" }));
    await editor.settled();
    expect(editor.state().plan).toMatchObject({ name: "Roma 2", note: "in spring" });
    editor.retry();
    await editor.settled();
    expect(trips.sent).toEqual([{ name: "Roma 2" }, { note: "in spring" }]);
  });
});

describe("what failed though it was done", () => {
  it("is not done twice after looking at the trip again", async () => {
    const { trips, editor } = await open();
    trips.failures = [new ConnectionError("timeout")];
    trips.losesAnswers = true;
    editor.edit(addStop(HOTEL, 1));
    await editor.settled();
    await editor.refresh();
    expect(editor.state().error).toBeInstanceOf(ConnectionError);
    trips.losesAnswers = false;
    editor.retry();
    await editor.settled();
    expect(trips.value.stops.filter(({ name }) => name === "Hotel")).toHaveLength(1);
  });

  it("is not brought back twice either", async () => {
    const { trips, editor, a } = await open();
    const before = editor.state().plan?.stops ?? [];
    editor.edit(removeStop(a));
    await editor.settled();
    trips.failures = [new ConnectionError("timeout")];
    trips.losesAnswers = true;
    editor.edit(restoreStop(a, before));
    await editor.settled();
    trips.losesAnswers = false;
    editor.retry();
    await editor.settled();
    expect(trips.value.stops.map(({ name }) => name)).toEqual(["A", "B", "C"]);
  });
});

describe("a change beside one that does not fit any more", () => {
  it("is made all the same", async () => {
    const { trips, editor, a, b, c } = await open();
    const { changeItinerary } = trips;
    let tries = 0;
    trips.changeItinerary = (...sent) => {
      tries += 1;
      // While the first is on its way again, to a version without the stop that waits to be moved.
      if (tries === 2) editor.edit(annotateStop(c, "early"));
      return changeItinerary(...sent);
    };
    trips.elsewhere({ stops: [a, c] });
    editor.edit(annotateStop(a, "late"));
    editor.edit(moveStop(b, FIRST));
    await editor.settled();
    expect(trips.value.stops.map(({ note }) => note)).toEqual(["late", "early"]);
  });
});

describe("loading", () => {
  it("says why it failed, and can be tried again", async () => {
    const trips = new FakeTrips(trip([stop("a")]));
    const show = vi
      .spyOn(trips, "showItinerary")
      .mockRejectedValueOnce(new ConnectionError("offline"));
    const editor = new TripEditor(trips, "01TRIP");
    await editor.load();
    expect(editor.state()).toMatchObject({ loading: false, plan: undefined });
    expect(editor.state().error).toBeInstanceOf(ConnectionError);
    editor.retry();
    await vi.waitFor(() => expect(editor.state().plan?.name).toBe("Rome"));
    expect(show).toHaveBeenCalledTimes(2);
  });

  it("shows what was changed elsewhere when one comes back to the page", async () => {
    const { trips, editor, shown } = await open();
    trips.elsewhere({ stops: [] });
    await editor.refresh();
    expect(shown()).toEqual([]);
  });

  it("is quiet where looking again fails", async () => {
    const { trips, editor, shown } = await open();
    vi.spyOn(trips, "showItinerary").mockRejectedValueOnce(new ConnectionError("offline"));
    await editor.refresh();
    expect(editor.state().error).toBeUndefined();
    expect(shown()).toEqual(["a1", "b1", "c2"]);
  });
});
