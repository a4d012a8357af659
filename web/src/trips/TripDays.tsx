// The stops of a trip by day: dragged, moved by buttons, or by the keyboard.
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { useEffect, useMemo, useRef, useState } from "react";

import { useAnnounce } from "../app/Announcer";
import { distanceKm } from "../map/earth";
import { announcementsFor, DRAG_INSTRUCTIONS, placeInWords } from "./announcements";
import { DayOrder, orderButtonId } from "./DayOrder";
import { DayHeading, DaySection } from "./DaySection";
import { asEntries, byDay, dayInWords, entryId, lastDay, stepOf, targetOf } from "./days";
import type { TripEditor } from "./editor";
import { annotateStop, moveStop, noteField, orderDay, type Plan } from "./edits";
import { type StopActions, StopCard } from "./StopCard";
import { MOST_DAYS, type Stop } from "./stops";

interface Props {
  editor: TripEditor;
  plan: Plan;
  /** Fields with something written that could not be saved. */
  unsaved: ReadonlySet<string>;
  selected: string | null;
  onPoint: (stop: Stop) => void;
  onRemove: (stop: Stop) => void;
}

export function TripDays({
  editor,
  plan: { stops, starts_on },
  unsaved,
  selected,
  onPoint,
  onRemove,
}: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const announce = useAnnounce();
  const focusLater = useFocusAfter(stops);
  const entries = useMemo(() => asEntries(stops), [stops]);
  const days = useMemo(() => byDay(stops), [stops]);
  const last = lastDay(stops);
  const sensors = useSensors(
    // A few pixels first: a tap on the handle is no drag.
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );

  const drop = ({ active, over }: DragEndEvent) => {
    const stop = stops.find(({ stop_id }) => stop_id === active.id);
    if (!stop || !over || over.id === active.id) return;
    const target = targetOf(entries, stop.stop_id, String(over.id));
    if (target) editor.edit(moveStop(stop, target));
  };
  const actions: StopActions = {
    onStep: (stop, step) => {
      const target = stepOf(stops, stop.stop_id, step);
      if (!target) return;
      focusLater(`${step < 0 ? "up" : "down"}-${stop.stop_id}`);
      editor.edit(moveStop(stop, target));
      announce(`${stop.name} is now ${placeInWords(target)}.`);
    },
    onDay: (stop, day) => {
      focusLater(`day-of-${stop.stop_id}`);
      editor.edit(moveStop(stop, { day, beforeId: null }));
      announce(`${stop.name} is now on day ${day}.`);
    },
    onNote: (stop, note) => editor.edit(annotateStop(stop, note)),
    onRetry: () => editor.retry(),
    onRemove,
    onOpen: (stop) => setOpen(stop?.stop_id ?? null),
    onPoint,
  };

  let number = 0;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{
        announcements: announcementsFor(entries),
        screenReaderInstructions: { draggable: DRAG_INSTRUCTIONS },
      }}
      onDragEnd={drop}
    >
      <SortableContext items={entries.map(entryId)} strategy={verticalListSortingStrategy}>
        {days.map((day) => (
          <DaySection
            key={day.number}
            day={day}
            startsOn={starts_on}
            tools={
              <DayOrder
                // Another order of other stops wants another suggestion.
                key={day.stops.map(({ stop_id }) => stop_id).join()}
                editor={editor}
                day={day}
                onUse={(stopIds) => {
                  focusLater(orderButtonId(day.number));
                  editor.edit(orderDay(day.number, stopIds));
                  announce(`Day ${day.number} is in the new order.`);
                }}
              />
            }
          >
            {day.stops.map((stop, at) => {
              const before = day.stops[at - 1];
              number += 1;
              return (
                <StopCard
                  key={stop.stop_id}
                  stop={stop}
                  number={number}
                  fromLastKm={before ? distanceKm(before, stop) : null}
                  startsOn={starts_on}
                  lastDay={last}
                  isFirst={day.number === 1 && at === 0}
                  isLast={day.number === last && at === day.stops.length - 1}
                  isOpen={open === stop.stop_id}
                  isSelected={selected === stop.stop_id}
                  isUnsaved={unsaved.has(noteField(stop))}
                  actions={actions}
                />
              );
            })}
          </DaySection>
        ))}
        {stops.length > 0 && last < MOST_DAYS && (
          <DayHeading day={last + 1}>
            <p className="hint new-day">
              {dayInWords(starts_on, last + 1)}: drag a stop here for another day
            </p>
          </DayHeading>
        )}
      </SortableContext>
    </DndContext>
  );
}

/** Moving a card takes the focus off its buttons: put it back once the list is as it shall be. */
function useFocusAfter(stops: readonly Stop[]): (elementId: string) => void {
  const wanted = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the new list that is waited for.
  useEffect(() => {
    if (wanted.current) document.getElementById(wanted.current)?.focus();
    wanted.current = null;
  }, [stops]);
  return (elementId) => {
    wanted.current = elementId;
  };
}
