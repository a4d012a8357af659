// The photo in words, asked for: a model's are counted.
import { type FormEvent, useId, useState } from "react";

import type { DescribeResponse } from "../api/models";
import { useAnnounce } from "../app/Announcer";
import { useApi } from "../app/context";
import { WordsIcon } from "../app/icons";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { provenance, quotaLeft } from "./words";

interface Props {
  id: string;
  photo?: Blob | undefined;
  /** The description there is already. */
  before?: DescribeResponse | undefined;
  onDescribed?: ((description: DescribeResponse) => void) | undefined;
}

const MAX_QUESTION_CHARACTERS = 500;

export function Description({ id, photo, before, onDescribed }: Props) {
  const api = useApi();
  const announce = useAnnounce();
  const [asked, setAsked] = useState("");
  const { run, value, error, busy } = useTask(async (signal: AbortSignal, prompt: string) => {
    // With the photo a model can look at it; of a prediction none is kept.
    const what = photo
      ? { photo, ...(prompt && { prompt }) }
      : { prediction_id: id, ...(prompt && { prompt }) };
    const description = await api.describe(what, signal);
    announce(description.description);
    onDescribed?.(description);
    return description;
  });
  const shown = value ?? before;
  const ask = (question: string) => {
    setAsked(question);
    run(question);
  };
  return (
    <section className="description stack tight" aria-label="Description">
      {shown && <Words description={shown} />}
      {error !== undefined && <Problem error={error} onRetry={() => run(asked)} />}
      {busy && <p role="status">{shown ? "Thinking …" : "Describing it …"}</p>}
      {!shown && !busy && error === undefined && (
        <p>
          <button type="button" className="button" onClick={() => ask("")}>
            <WordsIcon />
            Describe what it shows
          </button>
        </p>
      )}
      {/* Our own words answer no questions; a model's do. */}
      {shown?.source === "llava" && photo && <Question busy={busy} onAsk={ask} />}
    </section>
  );
}

function Words({ description }: { description: DescribeResponse }) {
  const left = quotaLeft(description.quota);
  const counted = description.source === "llava" || description.reason !== "no_token";
  return (
    <>
      <p className="words">{description.description}</p>
      <p className="hint">
        {provenance(description)}
        {counted && left && ` Descriptions by a language model: ${left}`}
      </p>
    </>
  );
}

function Question({ busy, onAsk }: { busy: boolean; onAsk: (question: string) => void }) {
  const id = useId();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const question = text.trim();
    if (question) onAsk(question);
  };
  return (
    <form className="field" onSubmit={submit}>
      <label htmlFor={id}>Ask something about the photo</label>
      <div className="row nowrap">
        <input
          id={id}
          className="grow"
          value={text}
          maxLength={MAX_QUESTION_CHARACTERS}
          placeholder="What is this bridge called?"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button" disabled={busy}>
          Ask
        </button>
      </div>
    </form>
  );
}
