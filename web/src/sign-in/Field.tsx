import { type ComponentProps, useId, useState } from "react";

interface Props extends Omit<ComponentProps<"input">, "id" | "onChange"> {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  onValue: (value: string) => void;
}

/** A labelled text field that says what it wants, and what is wrong with what it has. */
export function Field({ label, hint, error, onValue, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} {...described(id, hint, error)} onChange={valueTo(onValue)} />
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

/** A field for a password, which can be looked at. */
export function PasswordField({ label, hint, error, onValue, ...input }: Props) {
  const id = useId();
  const [plain, setPlain] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="row nowrap">
        <input
          {...input}
          id={id}
          className="grow"
          type={plain ? "text" : "password"}
          autoCapitalize="none"
          spellCheck={false}
          {...described(id, hint, error)}
          onChange={valueTo(onValue)}
        />
        <button
          type="button"
          className="button"
          aria-pressed={plain}
          onClick={() => setPlain(!plain)}
        >
          Show<span className="visually-hidden"> the password</span>
        </button>
      </div>
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

function Notes({ id, hint, error }: { id: string } & Pick<Props, "hint" | "error">) {
  return (
    <>
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </>
  );
}

function described(id: string, hint?: string, error?: string) {
  const notes = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return {
    "aria-describedby": notes || undefined,
    "aria-invalid": error ? true : undefined,
  };
}

function valueTo(
  onValue: (value: string) => void,
): NonNullable<ComponentProps<"input">["onChange"]> {
  return (event) => onValue(event.currentTarget.value);
}
