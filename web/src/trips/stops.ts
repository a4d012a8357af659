// The stops of a trip as this page holds them, and what can be done to the list.
import type { StopRequest, StopResponse } from "../api/models";

/** A place that can become a stop; `landmark_id` where the catalogue has it. */
export interface Place {
  name: string;
  latitude: number;
  longitude: number;
  landmark_id?: string | null | undefined;
}

/** A stop; one that the API has not seen yet has an id that begins with `NEW`. */
export type Stop = Omit<StopResponse, "date">;

/** Limits of the API (functions/account/itinerary_models.py and text.py). */
export const MOST_STOPS = 100;
export const MOST_DAYS = 366;
export const LONGEST_NAME = 120;
export const LONGEST_NOTE = 500;

const NEW = "new-";
let made = 0;

export function newStop(place: Place, day: number, note: string | null = null): Stop {
  made += 1;
  const { name, latitude, longitude, landmark_id = null } = place;
  return { stop_id: `${NEW}${made}`, day, name, latitude, longitude, landmark_id, note };
}

/** Tell whether the API knows the stop already. */
export function isStored(stop: Stop): boolean {
  return !stop.stop_id.startsWith(NEW);
}

/** The list as PATCH takes it: with the ids of stops that stay, and without those of new ones. */
export function asRequests(stops: readonly Stop[]): StopRequest[] {
  return stops.map((stop) => {
    const { stop_id, day, name, latitude, longitude, landmark_id, note } = stop;
    const request: StopRequest = { day, name, latitude, longitude, landmark_id, note };
    return isStored(stop) ? { ...request, stop_id } : request;
  });
}

/** The order that the API keeps: by day, else as it is. */
export function inOrder(stops: readonly Stop[]): Stop[] {
  return stops.toSorted((one, other) => one.day - other.day);
}

/** Tell whether two are the same place on the same day. */
export function isSameVisit(one: Stop, other: Place & { day: number }): boolean {
  return one.day === other.day && isSamePlace(one, other);
}

export function isSamePlace(one: Place, other: Place): boolean {
  if (one.landmark_id && other.landmark_id) return one.landmark_id === other.landmark_id;
  const apart = Math.max(
    Math.abs(one.latitude - other.latitude),
    Math.abs(one.longitude - other.longitude),
  );
  // The API keeps seven decimals.
  return one.name.trim() === other.name.trim() && apart < 1e-6;
}

/** Put a stop on a day, before another stop of that day, or at its end. */
export function moved(
  stops: readonly Stop[],
  stop: Stop,
  day: number,
  beforeId: string | null,
): Stop[] {
  const others = stops.filter(({ stop_id }) => stop_id !== stop.stop_id);
  const at = beforeId === null ? -1 : others.findIndex(({ stop_id }) => stop_id === beforeId);
  const target = others[at];
  const changed = { ...stop, day };
  // The neighbour may be gone, or on another day by now: then the end of the day is where it goes.
  if (!target || target.day !== day) return inOrder([...others, changed]);
  return inOrder([...others.slice(0, at), changed, ...others.slice(at)]);
}

/** The stop that comes after this one on its day; null where it is the last. */
export function nextOnDay(stops: readonly Stop[], stop: Stop): string | null {
  const sameDay = stops.filter(({ day }) => day === stop.day);
  const at = sameDay.findIndex(({ stop_id }) => stop_id === stop.stop_id);
  return sameDay[at + 1]?.stop_id ?? null;
}
