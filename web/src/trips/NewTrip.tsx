import { type SyntheticEvent, useId, useState } from "react";

import { newKey } from "../api/requests";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { navigate } from "../app/route";
import { useTask } from "../app/useTask";
import { FirstDayField, NewNameField } from "./fields";

/** A name is enough: everything else comes later, on the trip's own page. */
export function NewTrip() {
  const api = useApi();
  const ids = useId();
  const [name, setName] = useState("");
  const [startsOn, setStartsOn] = useState("");
  // Asked for again after a lost answer, the same trip is made once; another name is another trip.
  const [key, setKey] = useState(newKey);
  const { run, error, busy } = useTask(async (signal) => {
    const body = startsOn ? { name: name.trim(), starts_on: startsOn } : { name: name.trim() };
    const made = await api.createItinerary(body, key);
    if (!signal.aborted) navigate(`/trips/${encodeURIComponent(made.itinerary_id)}`);
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!busy && name.trim()) run();
  };
  return (
    <form className="card stack new-trip" aria-labelledby={`${ids}title`} onSubmit={submit}>
      <h2 id={`${ids}title`}>A new trip</h2>
      <div className="new-trip-fields">
        <NewNameField
          value={name}
          example="A weekend in Rome"
          onChange={(value) => {
            setName(value);
            setKey(newKey());
          }}
        />
        <FirstDayField
          value={startsOn}
          onChange={(value) => {
            setStartsOn(value);
            setKey(newKey());
          }}
        />
        <button type="submit" className="button primary" aria-disabled={busy}>
          {busy ? "Making it …" : "Make it"}
        </button>
      </div>
      {error !== undefined && <Problem error={error} onRetry={run} />}
    </form>
  );
}
