// What a screen reader hears while a stop is dragged.
import type { Announcements } from "@dnd-kit/core";

import { type Entry, entryId, type Target, targetOf } from "./days";

export const DRAG_INSTRUCTIONS =
  "Press the space bar to pick up this stop. While it is picked up, the arrow keys up and down " +
  "move it, also to another day. Press space again to put it down, or escape to leave it where " +
  "it was.";

export function announcementsFor(entries: readonly Entry[]): Announcements {
  const name = (id: string) => {
    const entry = entries.find((one) => entryId(one) === id);
    return entry?.kind === "stop" ? entry.stop.name : "The stop";
  };
  const where = (id: string, overId: string) => {
    const target = targetOf(entries, id, overId);
    return target ? placeInWords(target) : "where it was";
  };
  return {
    onDragStart: ({ active }) => {
      const id = String(active.id);
      return `${name(id)} is picked up. It is ${where(id, id)}.`;
    },
    onDragOver: ({ active, over }) => {
      const id = String(active.id);
      if (!over) return `${name(id)} is over no day.`;
      return `${name(id)} would be ${where(id, String(over.id))}.`;
    },
    onDragEnd: ({ active, over }) => {
      const id = String(active.id);
      return `${name(id)} is put down. It is ${where(id, String(over?.id ?? id))}.`;
    },
    onDragCancel: ({ active }) => {
      const id = String(active.id);
      return `${name(id)} stays where it was, ${where(id, id)}.`;
    },
  };
}

/** "stop 2 of 3 on day 1". */
export function placeInWords({ position, count, day }: Target): string {
  return `stop ${position} of ${count} on day ${day}`;
}
