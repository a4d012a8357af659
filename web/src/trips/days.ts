// A trip day by day, in lists and in words.
import { LANGUAGE } from "../places/words";
import { MOST_DAYS, type Stop } from "./stops";

export interface Day {
  number: number;
  stops: Stop[];
}

/** Every day up to the last that has a stop, empty ones, too; at least the first. */
export function byDay(stops: readonly Stop[]): Day[] {
  const last = lastDay(stops);
  return Array.from({ length: Math.max(1, last) }, (_, at) => ({
    number: at + 1,
    stops: stops.filter(({ day }) => day === at + 1),
  }));
}

export function lastDay(stops: readonly { day: number }[]): number {
  return stops.reduce((last, { day }) => Math.max(last, day), 0);
}

/** The days that a stop can be put on: those of the trip, and one more. */
export function daysToChoose(last: number): number[] {
  return Array.from({ length: Math.min(MOST_DAYS, Math.max(1, last) + 1) }, (_, at) => at + 1);
}

const weekday = new Intl.DateTimeFormat(LANGUAGE, {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const wholeDate = new Intl.DateTimeFormat(LANGUAGE, {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** "Sat, 2 May" for a day of a trip that begins on 2026-05-01; empty where it has no dates. */
export function dateOfDay(startsOn: string | null, day: number): string {
  const start = startsOn === null ? Number.NaN : Date.parse(`${startsOn}T00:00:00Z`);
  if (Number.isNaN(start)) return "";
  return weekday.format(start + (day - 1) * 86_400_000);
}

/** "Day 2, Sat, 2 May", or "Day 2" where the trip has no dates. */
export function dayInWords(startsOn: string | null, day: number): string {
  const date = dateOfDay(startsOn, day);
  return date ? `Day ${day}, ${date}` : `Day ${day}`;
}

/** "1 May 2026". */
export function dateInWords(date: string): string {
  return wholeDate.format(Date.parse(`${date}T00:00:00Z`));
}

// Lists of stops for dragging: the days' headings are in it, so that a stop can be dropped on a day.

/** An entry of the list that is dragged in: a heading of a day, or a stop. */
export type Entry = { kind: "day"; day: number } | { kind: "stop"; stop: Stop };

/** Headings and stops in one list, with the heading of a new day at its end. */
export function asEntries(stops: readonly Stop[]): Entry[] {
  const days = byDay(stops);
  const entries: Entry[] = days.flatMap(({ number, stops: own }): Entry[] => [
    { kind: "day", day: number },
    ...own.map((stop): Entry => ({ kind: "stop", stop })),
  ]);
  const next = days.length + 1;
  if (stops.length > 0 && next <= MOST_DAYS) entries.push({ kind: "day", day: next });
  return entries;
}

export function entryId(entry: Entry): string {
  return entry.kind === "day" ? dayId(entry.day) : entry.stop.stop_id;
}

export function dayId(day: number): string {
  return `day-${day}`;
}

/** Where a stop is put: on which day, and before which stop of it (null: at its end). */
export interface Target {
  day: number;
  beforeId: string | null;
  /** Counted from 1, among how many that day will have. */
  position: number;
  count: number;
}

/**
 * Where a stop lands that is dropped on an entry: it takes that entry's place in the list, as
 * sorting does. Above the first heading there is nothing: that is the first day, too. Null where
 * there is no such stop or entry.
 */
export function targetOf(entries: readonly Entry[], stopId: string, overId: string): Target | null {
  const from = entries.findIndex((entry) => entryId(entry) === stopId);
  const to = entries.findIndex((entry) => entryId(entry) === overId);
  const dragged = entries[from];
  if (!dragged || to < 0) return null;
  const others = entries.filter((entry) => entry !== dragged);
  const sorted = [...others.slice(0, Math.max(1, to)), dragged, ...others.slice(Math.max(1, to))];
  const at = sorted.indexOf(dragged);
  const heading = sorted.slice(0, at).findLast((entry) => entry.kind === "day");
  if (heading?.kind !== "day") return null;
  const after = sorted[at + 1];
  const start = sorted.indexOf(heading);
  const end = sorted.findIndex((entry, index) => index > start && entry.kind === "day");
  return {
    day: heading.day,
    beforeId: after?.kind === "stop" ? after.stop.stop_id : null,
    position: at - start,
    count: (end < 0 ? sorted.length : end) - start - 1,
  };
}

/** The target one step up or down from where a stop is; null at either end. */
export function stepOf(stops: readonly Stop[], stopId: string, step: -1 | 1): Target | null {
  const entries = asEntries(stops);
  const at = entries.findIndex((entry) => entryId(entry) === stopId);
  const over = entries[at + step];
  if (at < 0 || !over) return null;
  // The first heading has nothing above it, and a new day is begun on purpose only.
  const isEdge = over.kind === "day" && (step === -1 ? over.day === 1 : over.day > lastDay(stops));
  if (isEdge) return null;
  return targetOf(entries, stopId, entryId(over));
}
