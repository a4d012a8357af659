// One trip: what is planned, on the map and by day, and what could be added.
import { useEffect, useMemo, useState } from "react";

import { useAnnounce } from "../app/Announcer";
import { Problem } from "../app/Problem";
import { navigate } from "../app/route";
import { DeleteTrip } from "./DeleteTrip";
import type { EditorState, TripEditor } from "./editor";
import { changeDetails, fieldsOf, type Plan, removeStop, restoreStop } from "./edits";
import type { Stop } from "./stops";
import { TripDays } from "./TripDays";
import { TripFiles } from "./TripFiles";
import { TripHead } from "./TripHead";
import { TripMap } from "./TripMap";
import { Failure, Notices, Undo } from "./TripMessages";
import { TripPlaces } from "./TripPlaces";
import { useTrip } from "./useTrip";
import "./trips.css";

export function TripPage({ id }: { id: string }) {
  const { editor, state } = useTrip(id);
  const { plan, stored, loading, error } = state;
  useTitle(plan?.name);
  return (
    <div className="trip-page stack">
      <p>
        <a href="#/trips">All trips</a>
      </p>
      {loading && !plan && <p role="status">The trip is coming …</p>}
      {error !== undefined && !plan && <Problem error={error} onRetry={() => editor.retry()} />}
      {plan && stored && <Shown key={id} editor={editor} state={state} plan={plan} />}
    </div>
  );
}

interface Removed {
  stop: Stop;
  /** The list that it was in. */
  from: readonly Stop[];
}

function Shown({ editor, state, plan }: { editor: TripEditor; state: EditorState; plan: Plan }) {
  const [selected, setSelected] = useState<string | null>(null);
  const [removed, setRemoved] = useState<Removed | null>(null);
  const announce = useAnnounce();
  const { stored, saving, notices } = state;
  const unsaved = fieldsOf(state.failed);

  const remove = (stop: Stop) => {
    setRemoved({ stop, from: plan.stops });
    editor.edit(removeStop(stop));
    announce(`${stop.name} is removed.`);
  };
  const bringBack = ({ stop, from }: Removed) => {
    editor.edit(restoreStop(stop, from));
    setRemoved(null);
    announce(`${stop.name} is back on day ${stop.day}.`);
  };
  const leave = () => {
    navigate("/trips");
    announce(`The trip ${plan.name} is deleted.`);
  };
  return (
    <>
      <TripHead
        plan={plan}
        saving={saving}
        unsaved={unsaved}
        onChange={(details) => editor.edit(...changeDetails(details))}
        onRetry={() => editor.retry()}
      />
      <div className="trip-plan">
        <div className="trip-map">
          <TripMap stops={plan.stops} selected={selected} onSelect={setSelected} />
        </div>
        <div className="trip-days stack">
          {plan.stops.length === 0 && (
            <p className="notice">
              Nothing is planned yet. Find something worth seeing below, and add it to a day.
            </p>
          )}
          {plan.stops.length > 0 && (
            <TripDays
              editor={editor}
              plan={plan}
              unsaved={unsaved}
              selected={selected}
              onPoint={({ stop_id }) => setSelected(stop_id)}
              onRemove={remove}
            />
          )}
        </div>
      </div>
      {plan.stops.length > 0 && <TripFiles editor={editor} plan={plan} />}
      <TripPlaces editor={editor} plan={plan} />
      {/* In view wherever on the page the change was made. */}
      <div className="trip-messages">
        {state.error !== undefined && (
          <Failure
            error={state.error}
            written={unsaved.size > 0}
            onRetry={() => editor.retry()}
            onDismiss={() => editor.giveUp()}
          />
        )}
        <Notices notices={notices} onDismiss={() => editor.dismiss()} />
        {removed && (
          <Undo
            key={removed.stop.stop_id}
            name={removed.stop.name}
            onUndo={() => bringBack(removed)}
            onDismiss={() => setRemoved(null)}
          />
        )}
      </div>
      {stored && (
        <footer className="trip-end">
          <DeleteTrip
            trip={stored}
            stopCount={plan.stops.length}
            onDeleted={leave}
            label="Delete the trip"
          />
        </footer>
      )}
    </>
  );
}

function useTitle(name: string | undefined): void {
  const title = useMemo(() => (name === undefined ? null : `${name} · Where was this?`), [name]);
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
}
