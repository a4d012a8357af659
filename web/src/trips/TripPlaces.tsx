// Finding places for a trip, and adding them to one of its days.
import { useId, useState } from "react";

import { useAnnounce } from "../app/Announcer";
import { Places } from "../places/Places";
import { basisOf } from "./basis";
import { dayInWords, daysToChoose, lastDay } from "./days";
import type { TripEditor } from "./editor";
import { addStop, type Plan } from "./edits";
import { FindByName } from "./FindByName";
import { isSamePlace, type Place } from "./stops";

export function TripPlaces({ editor, plan }: { editor: TripEditor; plan: Plan }) {
  const { stops, starts_on } = plan;
  const announce = useAnnounce();
  const ids = useId();
  const last = lastDay(stops);
  const [chosen, setDay] = useState<number | null>(null);
  const day = chosen ?? Math.max(1, last);
  // The list stays as it is while one adds from it: a card that goes takes the focus with it.
  const [basis, setBasis] = useState(() => basisOf(stops));
  const now = basisOf(stops);
  const hasChanged = JSON.stringify(now) !== JSON.stringify(basis);
  const isEmpty = Object.keys(basis).length === 0;
  // With the first stop there is something to look around, and no list yet that could jump.
  if (isEmpty && hasChanged) setBasis(now);

  const add = (place: Place) => {
    editor.edit(addStop(place, day));
    announce(`${place.name} is added to day ${day}.`);
  };
  const action = (found: Place) => {
    const there = stops.find((stop) => isSamePlace(stop, found));
    return (
      <button
        type="button"
        className={there ? "button quiet" : "button"}
        aria-disabled={there !== undefined}
        onClick={() => !there && add(found)}
      >
        {there ? `On day ${there.day}` : `Add to day ${day}`}
        <span className="visually-hidden">: {found.name}</span>
      </button>
    );
  };
  return (
    <section className="trip-places stack" aria-labelledby={`${ids}title`}>
      <h2 id={`${ids}title`}>Add places</h2>
      <div className="field short">
        <label htmlFor={`${ids}day`}>To which day?</label>
        <select
          id={`${ids}day`}
          value={day}
          onChange={(event) => setDay(Number(event.target.value))}
        >
          {daysToChoose(last).map((one) => (
            <option key={one} value={one}>
              {dayInWords(starts_on, one)}
              {one > last && last > 0 ? " (new)" : ""}
            </option>
          ))}
        </select>
      </div>
      <FindByName action={(place) => action({ ...place, name: place.landmark })} />
      {hasChanged && (
        <p>
          <button type="button" className="button" onClick={() => setBasis(now)}>
            Look around all stops anew
          </button>
        </p>
      )}
      <Places
        basis={basis}
        origin={stops.find(
          ({ latitude, longitude }) => basis.latitude === latitude && basis.longitude === longitude,
        )}
        title={isEmpty ? "Or find something to see" : "Worth seeing around your stops"}
        action={(place) => action({ ...place, name: place.landmark })}
      />
    </section>
  );
}
