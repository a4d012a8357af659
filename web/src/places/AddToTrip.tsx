// "Add to a trip": a button, and the question which trip and which day.
import { useState } from "react";

import { useAnnounce } from "../app/Announcer";
import { Dialog } from "../app/Dialog";
import type { Place } from "../trips/stops";
import { type Added, AddToTripForm } from "./AddToTripForm";
import "./places.css";

export function AddToTrip({ place }: { place: Place }) {
  const [asking, setAsking] = useState(false);
  const [added, setAdded] = useState<Added | null>(null);
  const announce = useAnnounce();
  const isIn = (done: Added) => {
    setAsking(false);
    setAdded(done);
    announce(`${place.name} is in “${done.name}”, day ${done.day}.`);
  };
  return (
    <div className="add-to-trip">
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {added ? "Add to another trip" : "Add to a trip"}
        <span className="visually-hidden">: {place.name}</span>
      </button>
      {added && (
        <p>
          In <a href={`#/trips/${encodeURIComponent(added.id)}`}>{added.name}</a>, day {added.day}
        </p>
      )}
      {asking && (
        <Dialog title={`Add ${place.name} to a trip`} onClose={() => setAsking(false)}>
          <AddToTripForm place={place} onAdded={isIn} />
        </Dialog>
      )}
    </div>
  );
}
