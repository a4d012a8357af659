// What is said of a change of a trip, at the edge of the screen.
import { useEffect, useRef } from "react";

import { Problem } from "../app/Problem";

interface FailureProps {
  error: unknown;
  /** Whether something that was written is among it. */
  written: boolean;
  onRetry: () => void;
  onDismiss: () => void;
}

/** A change that could not be stored, and is taken back; what was written is still there. */
export function Failure({ error, written, onRetry, onDismiss }: FailureProps) {
  return (
    <div className="trip-message stack tight">
      <p>
        <strong>Your last change could not be stored</strong>
        {written ? ". What you wrote is still there." : ", and is taken back."}
      </p>
      <Problem error={error} onRetry={onRetry} />
      <p>
        <button type="button" className="button quiet" onClick={onDismiss}>
          {written ? "Take back what I wrote" : "Leave it"}
        </button>
      </p>
    </div>
  );
}

/** What the traveller should know of. */
export function Notices({
  notices,
  onDismiss,
}: {
  notices: readonly string[];
  onDismiss: () => void;
}) {
  return (
    <div role="status">
      {notices.length > 0 && (
        <div className="trip-message stack tight">
          {notices.map((words) => (
            <p key={words}>{words}</p>
          ))}
          <p>
            <button type="button" className="button" onClick={onDismiss}>
              All right
            </button>
          </p>
        </div>
      )}
    </div>
  );
}

interface UndoProps {
  name: string;
  onUndo: () => void;
  onDismiss: () => void;
}

/** Stays until it is used or closed: a clock would be against whoever reads slowly. */
export function Undo({ name, onUndo, onDismiss }: UndoProps) {
  const button = useRef<HTMLButtonElement>(null);
  // The button that removed the stop has gone with it.
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  return (
    <div className="trip-message undo row">
      <p>“{name}” is removed.</p>
      <button ref={button} type="button" className="button" onClick={onUndo}>
        Undo
      </button>
      <button type="button" className="button quiet" onClick={onDismiss}>
        Close
        <span className="visually-hidden"> this notice</span>
      </button>
    </div>
  );
}
