// A trip's name, dates and note, and the form that changes them.
import { type SyntheticEvent, useId, useRef, useState } from "react";

import { useUnloadWarning } from "../app/useUnloadWarning";
import { counted } from "../places/words";
import { dateInWords, lastDay } from "./days";
import type { Details, Plan } from "./edits";
import { FirstDayField, NotSaved } from "./fields";
import { LONGEST_NAME, LONGEST_NOTE } from "./stops";

interface Props {
  plan: Plan;
  saving: boolean;
  /** Fields with something written that could not be saved. */
  unsaved: ReadonlySet<string>;
  onChange: (details: Partial<Details>) => void;
  onRetry: () => void;
}

const FIELDS = ["name", "starts_on", "note"] as const;

export function TripHead({ plan, saving, unsaved, onChange, onRetry }: Props) {
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { name, starts_on, note, stops } = plan;
  const days = lastDay(stops);
  const facts = [
    starts_on && `From ${dateInWords(starts_on)}`,
    days > 0 && counted(days, "day"),
    stops.length > 0 && counted(stops.length, "stop"),
  ];
  const close = () => {
    setEditing(false);
    opener.current?.focus();
  };
  return (
    <header className="trip-head stack tight">
      <h1>{name}</h1>
      <p className="hint">
        {facts.filter(Boolean).join(" · ")}
        {/* Always there, so that the line does not jump. */}
        <span className="saving">{saving ? " · saving …" : ""}</span>
      </p>
      {note && <p className="trip-note">{note}</p>}
      {FIELDS.some((field) => unsaved.has(field)) && (
        <NotSaved what="the name, the date or the note" onRetry={onRetry} />
      )}
      <p>
        <button
          ref={opener}
          type="button"
          className="button"
          aria-expanded={editing}
          onClick={() => setEditing(!editing)}
        >
          Change name, date, note
        </button>
      </p>
      {editing && (
        <DetailsForm
          plan={plan}
          unsaved={unsaved}
          onCancel={close}
          onChange={(details) => {
            onChange(details);
            close();
          }}
        />
      )}
    </header>
  );
}

interface FormProps {
  plan: Plan;
  unsaved: ReadonlySet<string>;
  onChange: (details: Partial<Details>) => void;
  onCancel: () => void;
}

function DetailsForm({ plan, unsaved, onChange, onCancel }: FormProps) {
  const ids = useId();
  // As it was when the form was opened: what is changed elsewhere meanwhile is not undone.
  const [opened] = useState(plan);
  const [name, setName] = useState(plan.name);
  const [startsOn, setStartsOn] = useState(plan.starts_on ?? "");
  const [note, setNote] = useState(plan.note ?? "");
  const written = { name: name.trim(), starts_on: startsOn || null, note: note.trim() || null };
  const changed = FIELDS.filter((field) => written[field] !== opened[field]);
  useUnloadWarning(changed.length > 0);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // The rest stays what it was made elsewhere; what could not be saved is tried again.
    const sent = FIELDS.filter((field) => changed.includes(field) || unsaved.has(field));
    onChange(Object.fromEntries(sent.map((field) => [field, written[field]])));
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor={`${ids}name`}>Name</label>
        <input
          id={`${ids}name`}
          value={name}
          required
          pattern=".*\S.*"
          maxLength={LONGEST_NAME}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <FirstDayField value={startsOn} onChange={setStartsOn} />
      <div className="field">
        <label htmlFor={`${ids}note`}>Note</label>
        <textarea
          id={`${ids}note`}
          rows={3}
          value={note}
          maxLength={LONGEST_NOTE}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <div className="row">
        <button type="submit" className="button primary">
          Save
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
