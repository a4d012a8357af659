import { afterEach, describe, expect, it, vi } from "vitest";
import { planOf } from "./edits";
import { stop, trip } from "./fakeTrips";
import { fileName, saveFile } from "./files";
import { lackingForCalendar } from "./TripFiles";

describe("the name of a file", () => {
  it.each([
    ["Rome", "Rome.gpx"],
    ["Rome, and around!", "Rome-and-around.gpx"],
    ["Zürich & Genève", "Zürich-Genève.gpx"],
    ["京都 2026", "京都-2026.gpx"],
    ["हिमालय", "हिमालय.gpx"],
    ["../../etc/passwd", "etc-passwd.gpx"],
    ['a\\b:c*d?e"f<g>h|i', "a-b-c-d-e-f-g-h-i.gpx"],
    ["…!?", "trip.gpx"],
  ])("of “%s” is %s", (name, expected) => {
    expect(fileName(name, "gpx")).toBe(expected);
  });

  it("is not longer than disks like, nor cut within a letter", () => {
    const name = fileName("𝒜".repeat(120), "ics");
    expect([...name]).toHaveLength(60 + ".ics".length);
    expect(name).not.toContain("\uFFFD");
    expect(fileName(`${"a".repeat(59)} b`, "gpx")).toBe(`${"a".repeat(59)}.gpx`);
  });
});

describe("saving", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("offers the file under its name, and leaves nothing behind", () => {
    vi.useFakeTimers();
    vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:1");
    const revoked = vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      clicked.push(this.download);
    });
    saveFile(new Blob(["<gpx/>"]), "Rome.gpx");
    expect(clicked).toEqual(["Rome.gpx"]);
    expect(document.querySelector("a")).toBeNull();
    vi.runAllTimers();
    expect(revoked).toHaveBeenCalledWith("blob:1");
  });
});

describe("a calendar", () => {
  it("wants stops and dates, and says which it lacks", () => {
    expect(lackingForCalendar(planOf(trip([])))).toContain("add a stop");
    expect(lackingForCalendar(planOf(trip([stop("a")])))).toContain("first day");
    expect(lackingForCalendar(planOf(trip([stop("a")], { starts_on: "2026-05-01" })))).toBeNull();
  });
});
