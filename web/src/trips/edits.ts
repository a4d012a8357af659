// Changes of a trip, each of which can be made again on a newer version of it.
//
// A change says what it means (put this stop before that one) and not what came of it (the whole
// list), so that it can be repeated on top of what somebody else has changed meanwhile.
import type { ItineraryChanges, ItineraryResponse } from "../api/models";
import type { Target } from "./days";
import {
  asRequests,
  inOrder,
  isSameVisit,
  MOST_STOPS,
  moved,
  newStop,
  nextOnDay,
  type Place,
  type Stop,
} from "./stops";

export interface Plan {
  name: string;
  starts_on: string | null;
  note: string | null;
  stops: Stop[];
}

export interface Edit {
  /** What was done, in words: "“Colosseum” was moved to day 2". */
  words: string;
  /** Where it was written, if it was written: that is not to be written twice. */
  field?: string;
  /**
   * The plan with the change in it. `known` is the plan that the change was first made on, where
   * this is another. Throws `CannotApply` where the change has lost its object.
   */
  apply: (plan: Plan, known: Plan) => Plan;
}

/** A change that fits the newer version no more; its message says why, for the traveller. */
export class CannotApply extends Error {}

export function planOf(trip: ItineraryResponse): Plan {
  const { name, starts_on, note, stops } = trip;
  return { name, starts_on, note, stops: stops.map(({ date: _, ...stop }) => stop) };
}

export type Details = Omit<Plan, "stops">;

/** Name, first day or note: a change for each, since each is a field of its own. */
export function changeDetails(changes: Partial<Details>): Edit[] {
  return (Object.keys(changes) as (keyof Details)[]).map((field) => ({
    words: "The details were changed",
    field,
    apply: (plan) => ({ ...plan, [field]: changes[field] }),
  }));
}

export function addStop(place: Place, day: number): Edit {
  const stop = newStop(place, day);
  return {
    words: `“${place.name}” was added to day ${day}`,
    apply: (plan, known) => (hasCome(plan, known, stop) ? plan : withStop(plan, stop, null)),
  };
}

export function moveStop(stop: Stop, target: Pick<Target, "day" | "beforeId">): Edit {
  return {
    words: `“${stop.name}” was moved to day ${target.day}`,
    apply: (plan) => ({
      ...plan,
      stops: moved(plan.stops, find(plan, stop, "moved"), target.day, target.beforeId),
    }),
  };
}

export function annotateStop(stop: Stop, note: string | null): Edit {
  return {
    words: `The note on “${stop.name}” was changed`,
    field: noteField(stop),
    apply: (plan) => {
      const found = find(plan, stop, "given a note");
      return {
        ...plan,
        stops: plan.stops.map((one) => (one === found ? { ...one, note } : one)),
      };
    },
  };
}

export function noteField({ stop_id }: Stop): string {
  return `note of ${stop_id}`;
}

/** The fields that changes were written in. */
export function fieldsOf(edits: readonly Edit[]): ReadonlySet<string> {
  return new Set(edits.flatMap(({ field }) => field ?? []));
}

export function removeStop(stop: Stop): Edit {
  return {
    words: `“${stop.name}” was removed`,
    // Somebody else may have removed it: then it is as it should be.
    apply: (plan) => ({
      ...plan,
      stops: plan.stops.filter(({ stop_id }) => stop_id !== stop.stop_id),
    }),
  };
}

/** Put a stop back where it was in `before`. The API gives it another id. */
export function restoreStop(stop: Stop, before: readonly Stop[]): Edit {
  const beforeId = nextOnDay(before, stop);
  const again = newStop(stop, stop.day, stop.note);
  return {
    words: `“${stop.name}” is back`,
    apply: (plan, known) => (hasCome(plan, known, again) ? plan : withStop(plan, again, beforeId)),
  };
}

/** Take over an order that was suggested for the stops of a day. */
export function orderDay(day: number, stopIds: readonly string[]): Edit {
  return {
    words: `Day ${day} was put in a new order`,
    apply: (plan) => {
      const own = plan.stops.filter((stop) => stop.day === day);
      const ordered = stopIds.flatMap((id) => own.find(({ stop_id }) => stop_id === id) ?? []);
      if (ordered.length !== own.length || ordered.length !== stopIds.length) {
        throw new CannotApply(
          `Day ${day} has other stops by now, so that the order does not fit. Ask for another.`,
        );
      }
      const others = plan.stops.filter((stop) => stop.day !== day);
      return { ...plan, stops: inOrder([...others, ...ordered]) };
    },
  };
}

/** What PATCH has to be told to make one plan of another; null where they are the same. */
export function changesBetween(before: Plan, after: Plan): ItineraryChanges | null {
  const changes: ItineraryChanges = {};
  if (after.name !== before.name) changes.name = after.name;
  if (after.starts_on !== before.starts_on) changes.starts_on = after.starts_on;
  if (after.note !== before.note) changes.note = after.note;
  const stops = asRequests(after.stops);
  if (JSON.stringify(stops) !== JSON.stringify(asRequests(before.stops))) changes.stops = stops;
  return Object.keys(changes).length > 0 ? changes : null;
}

/** Whether an answer was lost on its way: what it said is in the newer version already. */
function hasCome(plan: Plan, known: Plan, stop: Stop): boolean {
  const isIn = ({ stops }: Plan) => stops.some((one) => isSameVisit(one, stop));
  return isIn(plan) && !isIn(known);
}

function withStop(plan: Plan, stop: Stop, beforeId: string | null): Plan {
  if (plan.stops.length >= MOST_STOPS) {
    throw new CannotApply(
      `A trip has ${MOST_STOPS} stops at most. Remove one, or begin another trip for “${stop.name}”.`,
    );
  }
  return { ...plan, stops: moved(plan.stops, stop, stop.day, beforeId) };
}

function find(plan: Plan, stop: Stop, done: string): Stop {
  const found = plan.stops.find(({ stop_id }) => stop_id === stop.stop_id);
  if (found) return found;
  throw new CannotApply(
    `“${stop.name}” is not in the trip any more, so that it could not be ${done}.`,
  );
}
