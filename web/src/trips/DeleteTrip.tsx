import { useState } from "react";

import { useApi, useTripEditors } from "../app/context";
import { DeletionButtons, Dialog } from "../app/Dialog";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { counted } from "../places/words";
import { deleteTrip } from "./deleteTrip";

interface Trip {
  itinerary_id: string;
  etag: string;
  name: string;
}

interface Props {
  trip: Trip;
  stopCount: number;
  onDeleted: () => void;
  /** What is seen of "Delete the trip …": the rest is said to those who do not see which it is. */
  label?: "Delete" | "Delete the trip" | undefined;
}

/** A button, and the question whether it is meant. */
export function DeleteTrip({ trip, stopCount, onDeleted, label = "Delete" }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button danger" onClick={() => setAsking(true)}>
        {label}
        <span className="visually-hidden">
          {`Delete the trip ${trip.name}`.slice(label.length)}
        </span>
      </button>
      {asking && (
        <Question
          trip={trip}
          stopCount={stopCount}
          onClose={() => setAsking(false)}
          onDeleted={() => {
            setAsking(false);
            onDeleted();
          }}
        />
      )}
    </>
  );
}

function Question({ trip, stopCount, onDeleted, onClose }: Props & { onClose: () => void }) {
  const api = useApi();
  const editors = useTripEditors();
  const { run, value, error, busy } = useTask(async (_signal, etag: string) => {
    const newer = await deleteTrip(api, trip.itinerary_id, etag);
    if (newer === null) {
      editors.forget(trip.itinerary_id);
      onDeleted();
    }
    return newer;
  });
  const newer = value ?? null;
  const stops = newer ? newer.stops.length : stopCount;
  const remove = () => run(newer?.etag ?? trip.etag);
  return (
    <Dialog title={`Delete “${newer?.name ?? trip.name}”?`} onClose={onClose}>
      {newer && (
        <p className="notice" role="alert">
          It was changed in another window or on another device. It has {counted(stops, "stop")}{" "}
          now. Shall it go all the same?
        </p>
      )}
      <p>
        {stops > 0 ? `It goes with its ${counted(stops, "stop")}, for good.` : "It goes for good."}
      </p>
      {error !== undefined && <Problem error={error} onRetry={remove} />}
      <DeletionButtons busy={busy} onKeep={onClose} onDelete={remove} />
    </Dialog>
  );
}
