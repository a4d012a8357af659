import { type SyntheticEvent, useEffect, useId, useState } from "react";

import type { ItinerarySummary } from "../api/models";
import { newKey } from "../api/requests";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { dayInWords, daysToChoose } from "../trips/days";
import { CannotApply, type Plan } from "../trips/edits";
import { NewNameField } from "../trips/fields";
import { asRequests, newStop, type Place } from "../trips/stops";
import { addToTrip } from "./addStop";
import { counted } from "./words";

/** Where a place went. */
export interface Added {
  id: string;
  name: string;
  day: number;
}

// The trip that was added to last: who adds one place adds the next to the same trip.
let lastTrip: string | null = null;

const NEW = "";

export function AddToTripForm({
  place,
  onAdded,
}: {
  place: Place;
  onAdded: (done: Added) => void;
}) {
  const api = useApi();
  const [chosen, setChosen] = useState<string | null>(null);
  const [day, setDay] = useState<number | null>(null);
  const [name, setName] = useState("");
  const ids = useId();
  const trips = useTrips();
  const known = trips.value ?? [];
  const preferred = known.find(({ itinerary_id }) => itinerary_id === lastTrip) ?? known[0];
  const choice = chosen ?? preferred?.itinerary_id ?? NEW;
  const trip = known.find(({ itinerary_id }) => itinerary_id === choice);
  const last = trip?.day_count ?? 0;
  const onDay = trip ? (day ?? Math.max(1, last)) : 1;
  const newName = name.trim();

  // The same key for as long as the same trip is asked for: if its answer is lost, asking again
  // makes no second one. Another name is another trip.
  const [key, setKey] = useState(newKey);
  // The trip as it was before the first try, for each trip and day.
  const [firstRead] = useState(() => new Map<string, { plan?: Plan }>());
  const adding = useTask(async () => {
    const which = `${choice} ${onDay}`;
    const before = firstRead.get(which) ?? {};
    firstRead.set(which, before);
    const done = trip
      ? await addToTrip(api, trip.itinerary_id, place, onDay, before)
      : await api.createItinerary({ name: newName, stops: asRequests([newStop(place, 1)]) }, key);
    lastTrip = done.itinerary_id;
    onAdded({ id: done.itinerary_id, name: done.name, day: onDay });
  });

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!adding.busy) adding.run();
  };
  if (trips.value === undefined) {
    return trips.error === undefined ? (
      <p role="status">Your trips are coming …</p>
    ) : (
      <Problem error={trips.error} onRetry={trips.run} />
    );
  }
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="trip-choice">
        <legend>Which trip?</legend>
        {known.map((one) => (
          <TripOption
            key={one.itinerary_id}
            group={ids}
            trip={one}
            checked={one.itinerary_id === choice}
            onChoose={() => {
              setChosen(one.itinerary_id);
              setDay(null);
            }}
          />
        ))}
        <label className="option">
          <input type="radio" name={ids} checked={choice === NEW} onChange={() => setChosen(NEW)} />
          <span>A new trip</span>
        </label>
      </fieldset>
      {trip ? (
        <div className="field">
          <label htmlFor={`${ids}day`}>Which day?</label>
          <select
            id={`${ids}day`}
            value={onDay}
            onChange={(event) => setDay(Number(event.target.value))}
          >
            {daysToChoose(last).map((one) => (
              <option key={one} value={one}>
                {dayInWords(trip.starts_on, one)}
                {one > last && last > 0 ? " (new)" : ""}
              </option>
            ))}
          </select>
        </div>
      ) : (
        <NewNameField
          value={name}
          example="A weekend away"
          onChange={(value) => {
            setName(value);
            setKey(newKey());
          }}
        />
      )}
      {adding.error instanceof CannotApply && (
        <p className="notice" role="alert">
          {adding.error.message}
        </p>
      )}
      {adding.error !== undefined && !(adding.error instanceof CannotApply) && (
        <Problem error={adding.error} onRetry={adding.run} />
      )}
      <div className="row">
        <button
          type="submit"
          className="button primary"
          aria-disabled={adding.busy || (!trip && newName === "")}
        >
          {adding.busy ? "Adding …" : "Add it"}
        </button>
      </div>
    </form>
  );
}

function TripOption({
  group,
  trip,
  checked,
  onChoose,
}: {
  group: string;
  trip: ItinerarySummary;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label className="option">
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      <span>
        {trip.name} <small className="hint">{counted(trip.stop_count, "stop")}</small>
      </span>
    </label>
  );
}

// As many as a page may have: an older trip is added to from its own page.
const MOST_TRIPS = 50;

function useTrips() {
  const api = useApi();
  const task = useTask(
    async (signal) => (await api.listItineraries({ limit: MOST_TRIPS }, signal)).itineraries,
  );
  const { run } = task;
  useEffect(() => run(), [run]);
  return task;
}
