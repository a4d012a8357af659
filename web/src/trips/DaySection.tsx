// A day of a trip: its heading, on which stops can be dropped, and its stops.
import { useSortable } from "@dnd-kit/sortable";
import type { ReactNode } from "react";

import { wayKm } from "../map/earth";
import { counted, distanceInKm } from "../places/words";
import { type Day, dayId, dayInWords } from "./days";

interface Props {
  day: Day;
  startsOn: string | null;
  /** The cards of its stops. */
  children: ReactNode;
  /** What can be done with the whole day. */
  tools: ReactNode;
}

export function DaySection({ day: { number, stops }, startsOn, children, tools }: Props) {
  const heading = `heading-of-day-${number}`;
  return (
    <section className="day" aria-labelledby={heading}>
      <DayHeading day={number}>
        <h2 id={heading}>
          <span className={`day-mark tone-${(number - 1) % 6}`} aria-hidden="true" />
          {dayInWords(startsOn, number)}
        </h2>
        <p className="hint">
          {stops.length === 0
            ? "Nothing planned. Drag a stop here, or choose this day for it."
            : counted(stops.length, "stop") +
              (stops.length > 1 ? `, ${distanceInKm(wayKm(stops))} as the crow flies` : "")}
        </p>
        {tools}
      </DayHeading>
      {stops.length > 0 && <ol className="stops">{children}</ol>}
    </section>
  );
}

/** A place in the list of what is dragged that does not move itself: stops pass it into its day. */
export function DayHeading({ day, children }: { day: number; children: ReactNode }) {
  const { setNodeRef, transform, transition, isOver } = useSortable({
    id: dayId(day),
    disabled: { draggable: true },
  });
  return (
    <div
      ref={setNodeRef}
      className={isOver ? "day-heading is-over" : "day-heading"}
      style={{
        transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
        transition,
      }}
    >
      {children}
    </div>
  );
}
