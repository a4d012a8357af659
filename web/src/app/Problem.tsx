// What went wrong, why, and what to do about it.
import { useEffect, useMemo, useState } from "react";

import { explain, inTime } from "./explain";
import { WarningIcon } from "./icons";

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** Says an error in words; with `onRetry` offers to try again, when that makes sense. */
export function Problem({ error, onRetry }: Props) {
  const { title, text, fields, retryAfterSeconds, requestId } = useMemo(
    () => explain(error),
    [error],
  );
  const wait = retryAfterSeconds ?? 0;
  return (
    <div className="notice problem">
      <WarningIcon />
      <div className="stack tight">
        <div role="alert" className="stack tight">
          <p>
            <strong>{title}.</strong> {text}
            {wait > 0 && ` Try again ${inTime(wait)}.`}
          </p>
          {fields.length > 0 && (
            <ul>
              {fields.map(({ field, message }) => (
                <li key={`${field} ${message}`}>{message}</li>
              ))}
            </ul>
          )}
          {requestId && <p className="hint">If you report this, name the request {requestId}.</p>}
        </div>
        {onRetry && retryAfterSeconds !== null && (
          <Retry key={wait} waitSeconds={wait} onRetry={onRetry} />
        )}
      </div>
    </div>
  );
}

/** Outside of the alert, so that a screen reader does not count the seconds aloud. */
function Retry({ waitSeconds, onRetry }: { waitSeconds: number; onRetry: () => void }) {
  const [left, setLeft] = useState(waitSeconds);
  useEffect(() => {
    const end = Date.now() + waitSeconds * 1000;
    const timer = setInterval(() => {
      // By the clock: timers sleep with the phone.
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [waitSeconds]);
  return (
    <p>
      <button type="button" className="button" disabled={left > 0} onClick={onRetry}>
        {left > 0 ? `Try again (${left} s)` : "Try again"}
      </button>
    </p>
  );
}
