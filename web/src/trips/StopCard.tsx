import { useSortable } from "@dnd-kit/sortable";
import { useEffect, useRef, useState } from "react";

import { CrossIcon } from "../app/icons";
import { useUnloadWarning } from "../app/useUnloadWarning";
import { distanceInKm, minutesOnFoot } from "../places/words";
import { dayInWords, daysToChoose } from "./days";
import { NotSaved } from "./fields";
import { DownIcon, DragIcon, MoreIcon, UpIcon } from "./icons";
import { isStored, LONGEST_NOTE, type Stop } from "./stops";

/** What can be done with a stop; all of it is done by whoever holds the list. */
export interface StopActions {
  onStep: (stop: Stop, step: -1 | 1) => void;
  onDay: (stop: Stop, day: number) => void;
  onNote: (stop: Stop, note: string | null) => void;
  /** Save again what could not be saved. */
  onRetry: () => void;
  onRemove: (stop: Stop) => void;
  onOpen: (stop: Stop | null) => void;
  onPoint: (stop: Stop) => void;
}

interface Props {
  stop: Stop;
  /** Through the whole trip, as on the map. */
  number: number;
  /** From the stop before it on the same day; null for the first. */
  fromLastKm: number | null;
  startsOn: string | null;
  lastDay: number;
  isFirst: boolean;
  isLast: boolean;
  isOpen: boolean;
  isSelected: boolean;
  /** Whether its note could not be saved. */
  isUnsaved: boolean;
  actions: StopActions;
}

const LONGEST_WALK_KM = 5;

export function StopCard({ stop, number, fromLastKm, isOpen, isSelected, ...rest }: Props) {
  const { actions, isFirst, isLast, isUnsaved } = rest;
  const { stop_id: id, name } = stop;
  // The API has to have given it an id before it can be moved by that.
  const isFixed = !isStored(stop);
  const {
    attributes,
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    transform,
    transition,
    isDragging,
  } = useSortable({ id, disabled: isFixed, attributes: { roleDescription: "movable stop" } });
  const classes = ["card stop-card", isDragging && "is-dragged", isSelected && "is-selected"];
  return (
    <li
      ref={setNodeRef}
      id={stopElementId(id)}
      tabIndex={-1}
      className={classes.filter(Boolean).join(" ")}
      style={{
        // Up and down only: there is one column.
        transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
        transition,
      }}
      onPointerEnter={() => actions.onPoint(stop)}
      onFocus={() => actions.onPoint(stop)}
    >
      <div className="stop-row">
        <button
          {...attributes}
          {...listeners}
          ref={setActivatorNodeRef}
          type="button"
          className="button quiet icon-only stop-handle"
          aria-label={`Move ${name}`}
        >
          <DragIcon />
        </button>
        <span className={`map-pin-dot tone-${(stop.day - 1) % 6}`}>
          <span className="visually-hidden">Number </span>
          {number}
        </span>
        <div className="stop-words">
          <p className="stop-name">{name}</p>
          {fromLastKm !== null && (
            <p className="hint">
              {distanceInKm(fromLastKm)} on
              {fromLastKm < LONGEST_WALK_KM && `, ${minutesOnFoot(fromLastKm)} min on foot`}
            </p>
          )}
          {stop.note && !isOpen && <p className="stop-note">{stop.note}</p>}
          {isUnsaved && !isOpen && (
            <NotSaved what={`the note on ${name}`} onRetry={actions.onRetry} />
          )}
        </div>
        <div className="stop-buttons">
          <button
            type="button"
            id={`up-${id}`}
            className="button quiet icon-only"
            aria-label={`Earlier: ${name}`}
            aria-disabled={isFirst || isFixed}
            onClick={() => !isFirst && !isFixed && actions.onStep(stop, -1)}
          >
            <UpIcon />
          </button>
          <button
            type="button"
            id={`down-${id}`}
            className="button quiet icon-only"
            aria-label={`Later: ${name}`}
            aria-disabled={isLast || isFixed}
            onClick={() => !isLast && !isFixed && actions.onStep(stop, 1)}
          >
            <DownIcon />
          </button>
          <button
            type="button"
            id={`more-${id}`}
            className="button quiet icon-only"
            aria-label={`Day, note, remove: ${name}`}
            aria-expanded={isOpen}
            aria-disabled={isFixed}
            onClick={() => !isFixed && actions.onOpen(isOpen ? null : stop)}
          >
            {isOpen ? <CrossIcon /> : <MoreIcon />}
          </button>
        </div>
      </div>
      {isOpen && <StopDetails stop={stop} {...rest} />}
    </li>
  );
}

type DetailsProps = Pick<Props, "stop" | "startsOn" | "lastDay" | "isUnsaved" | "actions">;

function StopDetails({ stop, startsOn, lastDay, isUnsaved, actions }: DetailsProps) {
  const { stop_id: id, day, name } = stop;
  const stored = stop.note ?? "";
  const [note, setNote] = useState(stored);
  // What was there when one began to write: what is written elsewhere meanwhile is not undone.
  const [begun, setBegun] = useState(stored);
  if (note === begun && stored !== begun) {
    setNote(stored);
    setBegun(stored);
  }
  // Kept on leaving the field: a note that has to be saved by a button is lost by the next one.
  const keep = () => {
    if (note === begun) return;
    setBegun(note);
    actions.onNote(stop, note.trim() || null);
  };
  // Also on leaving the page, where the field has no time to say that it is left.
  const leave = useRef(keep);
  useEffect(() => {
    leave.current = keep;
  });
  useEffect(() => () => leave.current(), []);
  useUnloadWarning(note !== begun);
  return (
    <div className="stop-details">
      <div className="field">
        <label htmlFor={`day-of-${id}`}>Day</label>
        <select
          id={`day-of-${id}`}
          value={day}
          onChange={(event) => actions.onDay(stop, Number(event.target.value))}
        >
          {daysToChoose(lastDay).map((one) => (
            <option key={one} value={one}>
              {dayInWords(startsOn, one)}
              {one > lastDay ? " (new)" : ""}
            </option>
          ))}
        </select>
      </div>
      <div className="field stop-note-field">
        <label htmlFor={`note-of-${id}`}>Note</label>
        <textarea
          id={`note-of-${id}`}
          rows={2}
          value={note}
          maxLength={LONGEST_NOTE}
          placeholder="Tickets, opening hours, who waits where …"
          onChange={(event) => setNote(event.target.value)}
          aria-describedby={isUnsaved ? `unsaved-note-of-${id}` : undefined}
          onBlur={keep}
        />
        {isUnsaved && (
          <NotSaved
            id={`unsaved-note-of-${id}`}
            what={`the note on ${name}`}
            onRetry={actions.onRetry}
          />
        )}
      </div>
      <button type="button" className="button danger" onClick={() => actions.onRemove(stop)}>
        Remove
        <span className="visually-hidden"> {name}</span>
      </button>
    </div>
  );
}

export function stopElementId(stopId: string): string {
  return `stop-${stopId}`;
}
