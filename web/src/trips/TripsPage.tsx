// All trips, newest first, and the way to another.
import { useRef } from "react";

import type { ItinerarySummary } from "../api/models";
import { useAnnounce } from "../app/Announcer";
import { Problem } from "../app/Problem";
import { counted } from "../places/words";
import { DeleteTrip } from "./DeleteTrip";
import { dateInWords } from "./days";
import { NewTrip } from "./NewTrip";
import { useTrips } from "./useTrips";
import "./trips.css";

export function TripsPage() {
  const { trips, hasMore, more, error, busy, remove } = useTrips();
  const announce = useAnnounce();
  const heading = useRef<HTMLHeadingElement>(null);
  const forget = ({ itinerary_id, name }: ItinerarySummary) => {
    remove(itinerary_id);
    // Its button has gone with it.
    heading.current?.focus();
    announce(`The trip ${name} is deleted.`);
  };
  return (
    <div className="stack">
      <h1 ref={heading} tabIndex={-1}>
        Your trips
      </h1>
      <NewTrip />
      {busy && trips === null && <p role="status">Your trips are coming …</p>}
      {trips?.length === 0 && (
        <p className="notice">
          No trips yet. Make one here, or <a href="#/photo">begin with a photo</a> and add what is
          worth seeing around it.
        </p>
      )}
      {trips && trips.length > 0 && (
        <ul className="trip-list">
          {trips.map((trip) => (
            <TripRow key={trip.itinerary_id} trip={trip} onDeleted={() => forget(trip)} />
          ))}
        </ul>
      )}
      {error !== undefined && <Problem error={error} onRetry={more} />}
      {hasMore && error === undefined && (
        <p>
          <button
            type="button"
            className="button"
            aria-disabled={busy}
            onClick={() => !busy && more()}
          >
            {busy ? "Loading …" : "Show more trips"}
          </button>
        </p>
      )}
    </div>
  );
}

function TripRow({ trip, onDeleted }: { trip: ItinerarySummary; onDeleted: () => void }) {
  const { itinerary_id: id, name, starts_on, day_count, stop_count } = trip;
  const facts = [
    starts_on && `from ${dateInWords(starts_on)}`,
    day_count > 0 && counted(day_count, "day"),
    stop_count > 0 ? counted(stop_count, "stop") : "nothing planned yet",
  ];
  return (
    <li className="card trip-row">
      <div className="trip-words">
        <a className="trip-link" href={`#/trips/${encodeURIComponent(id)}`}>
          {name}
        </a>
        <p className="hint">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <DeleteTrip trip={trip} stopCount={stop_count} onDeleted={onDeleted} />
    </li>
  );
}
