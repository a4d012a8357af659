interface Props {
  busy: boolean;
  /** What the button says that sends the form, and what it says meanwhile. */
  send: string;
  sending: string;
  onCancel: () => void;
}

/** The end of a form that was opened in its place, and can be closed again. */
export function FormButtons({ busy, send, sending, onCancel }: Props) {
  return (
    <div className="row">
      <button type="submit" className="button primary" disabled={busy}>
        {busy ? sending : send}
      </button>
      <button type="button" className="button quiet" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}
