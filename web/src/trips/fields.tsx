// Fields of a trip that more than one form has.
import { useId } from "react";

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
