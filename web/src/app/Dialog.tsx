// A question in front of the page. The browser itself keeps the focus inside and closes it by Escape.
import { type ReactNode, useEffect, useId, useRef } from "react";

import { CrossIcon } from "./icons";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => {
      // Taken off the page without being closed, it would leave the focus nowhere.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
      <div className="stack">
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            className="button icon-only quiet"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <CrossIcon />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

interface DeletionProps {
  busy: boolean;
  onKeep: () => void;
  onDelete: () => void;
}

/** What can be answered to the question whether something shall go for good. */
export function DeletionButtons({ busy, onKeep, onDelete }: DeletionProps) {
  return (
    <div className="row">
      <button type="button" className="button" onClick={onKeep}>
        Keep it
      </button>
      <button
        type="button"
        className="button danger"
        aria-disabled={busy}
        onClick={() => !busy && onDelete()}
      >
        {busy ? "Deleting …" : "Delete it"}
      </button>
    </div>
  );
}
