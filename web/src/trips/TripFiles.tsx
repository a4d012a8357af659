// Taking a trip along: for a navigator, and for a calendar.
import { useState } from "react";

import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import type { TripEditor } from "./editor";
import type { Plan } from "./edits";
import { fileName, saveFile } from "./files";

const KINDS = {
  gpx: { type: "application/gpx+xml", label: "For a navigator (GPX)" },
  ics: { type: "text/calendar", label: "For a calendar (iCalendar)" },
} as const;

type Kind = keyof typeof KINDS;

export function TripFiles({ editor, plan }: { editor: TripEditor; plan: Plan }) {
  const api = useApi();
  const [last, setLast] = useState<Kind>("gpx");
  const [missing, setMissing] = useState<string | null>(null);
  const { run, error, busy } = useTask(async (signal, kind: Kind) => {
    // What has just been changed belongs into the file.
    await editor.settled();
    const content = await api.saveItinerary(editor.id, KINDS[kind].type);
    if (!signal.aborted) saveFile(content, fileName(plan.name, kind));
  });
  const save = (kind: Kind) => {
    const lacking = kind === "ics" ? lackingForCalendar(plan) : null;
    setLast(kind);
    setMissing(lacking);
    if (!lacking) run(kind);
  };
  return (
    <section className="stack tight" aria-labelledby="take-along">
      <h2 id="take-along">Take it along</h2>
      <div className="row">
        {(Object.keys(KINDS) as Kind[]).map((kind) => (
          <button
            key={kind}
            type="button"
            className="button"
            aria-disabled={busy}
            onClick={() => !busy && save(kind)}
          >
            {KINDS[kind].label}
          </button>
        ))}
      </div>
      {missing && (
        <p className="notice" role="alert">
          {missing}
        </p>
      )}
      {error !== undefined && <Problem error={error} onRetry={() => run(last)} />}
    </section>
  );
}

/** What a calendar cannot do without; null where it is all there. */
export function lackingForCalendar({ starts_on, stops }: Plan): string | null {
  if (stops.length === 0) return "There is nothing to put into a calendar yet: add a stop.";
  if (starts_on === null) {
    return "A calendar needs dates. Set the first day of the trip under “Change name, date, note”.";
  }
  return null;
}
