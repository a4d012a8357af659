// Fields of a trip that more than one form has, and what is said of them.
import { useId } from "react";

import { WarningIcon } from "../app/icons";
import { LONGEST_NAME } from "./stops";

interface Props {
  value: string;
  onChange: (value: string) => void;
}

export function NewNameField({ value, onChange, example }: Props & { example: string }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>What is it called?</label>
      <input
        id={id}
        value={value}
        required
        maxLength={LONGEST_NAME}
        placeholder={example}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface NotSavedProps {
  /** For the field that it describes. */
  id?: string;
  what: string;
  onRetry: () => void;
}

/** Of what was written and could not be saved. */
export function NotSaved({ id, what, onRetry }: NotSavedProps) {
  return (
    <div className="not-saved row">
      <WarningIcon />
      <span id={id}>Not saved</span>
      <button type="button" className="button" onClick={onRetry}>
        Save it again
        <span className="visually-hidden">: {what}</span>
      </button>
    </div>
  );
}

export function FirstDayField({ value, onChange }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>First day (if you know it)</label>
      <input
        id={id}
        type="date"
        min="1900-01-01"
        max="2999-12-31"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
