import { type ReactNode, useRef, useState } from "react";

interface Props {
  title: string;
  danger?: boolean;
  /** Gets what closes it again, with words of what was done or none. */
  children: (close: (done?: string) => void) => ReactNode;
}

/** A button that opens a form below itself; when the form is done, the focus comes back to it. */
export function Disclosure({ title, danger = false, children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState<string>();
  const close = (words?: string) => {
    setOpen(false);
    setDone(words);
    button.current?.focus();
  };
  return (
    <div className="stack tight">
      <p>
        <button
          ref={button}
          type="button"
          className={danger ? "button danger" : "button"}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
            setDone(undefined);
          }}
        >
          {title}
        </button>
      </p>
      {open && children(close)}
      {/* The element is always there: a screen reader hears what changes in it. */}
      <div role="status">{done && <p className="notice good">{done}</p>}</div>
    </div>
  );
}
