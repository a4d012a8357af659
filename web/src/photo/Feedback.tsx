// Was it right? And if not, what is it?
import { useEffect, useRef, useState } from "react";

import type {
  FeedbackRequest,
  FeedbackResponse,
  PredictionResponse,
  PredictResponse,
} from "../api/models";
import { useApi } from "../app/context";
import { CheckIcon, CrossIcon } from "../app/icons";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { Correction } from "./Correction";

type Prediction = PredictResponse | PredictionResponse;
type Said = Omit<FeedbackRequest, "prediction_id">;

interface Props {
  prediction: Prediction;
  /** What was said before, where the prediction itself does not know. */
  before?: FeedbackResponse | undefined;
  onGiven?: ((feedback: FeedbackResponse) => void) | undefined;
}

export function Feedback({ prediction, before, onGiven }: Props) {
  const api = useApi();
  const [correcting, setCorrecting] = useState(false);
  // A prediction that comes from the history brings it along.
  const earlier = before ?? ("feedback" in prediction ? prediction.feedback : null);
  const last = useRef<Said>({ correct: true });
  const { run, value, error, busy } = useTask(async (_signal, said: Said) => {
    const given = await api.giveFeedback({ prediction_id: prediction.prediction_id, ...said });
    onGiven?.(given);
    setCorrecting(false);
    return said;
  });
  const send = (said: Said) => {
    last.current = said;
    run(said);
  };
  const given = value ?? earlier;
  return (
    <section className="feedback stack tight" aria-label="Was this right?">
      {correcting ? (
        <Correction
          prediction={prediction}
          busy={busy}
          onSend={(landmark, comment) =>
            send({ correct: false, ...(landmark && { landmark }), ...(comment && { comment }) })
          }
          onCancel={() => setCorrecting(false)}
        />
      ) : given ? (
        <Thanks
          correct={given.correct}
          fresh={value !== undefined}
          onChange={() => setCorrecting(true)}
        />
      ) : (
        <Ask
          recognised={prediction.recognised}
          busy={busy}
          onRight={() => send({ correct: true })}
          onWrong={() => setCorrecting(true)}
        />
      )}
      {error !== undefined && <Problem error={error} onRetry={() => send(last.current)} />}
    </section>
  );
}

interface AskProps {
  recognised: boolean;
  busy: boolean;
  onRight: () => void;
  onWrong: () => void;
}

function Ask({ recognised, busy, onRight, onWrong }: AskProps) {
  if (!recognised) {
    return (
      <div className="row">
        <p className="grow">Do you know what it is?</p>
        <button type="button" className="button" onClick={onWrong}>
          Tell me
        </button>
      </div>
    );
  }
  return (
    <div className="row">
      <p className="grow">Is that right?</p>
      <button type="button" className="button" disabled={busy} onClick={onRight}>
        <CheckIcon />
        Yes
      </button>
      <button type="button" className="button" disabled={busy} onClick={onWrong}>
        <CrossIcon />
        No
      </button>
    </div>
  );
}

interface ThanksProps {
  correct: boolean;
  /** Just now, rather than at another time. */
  fresh: boolean;
  onChange: () => void;
}

function Thanks({ correct, fresh, onChange }: ThanksProps) {
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that was pressed is gone, and the focus would be with it.
    if (fresh) words.current?.focus();
  }, [fresh]);
  const before = correct ? "You said that this is right." : "You said what this really is.";
  const now = correct
    ? "Thank you, that is good to know."
    : "Thank you. Corrections help the next version.";
  return (
    <div className="row thanks">
      <p ref={words} tabIndex={-1} className="grow">
        {fresh ? now : before}
      </p>
      <button type="button" className="button quiet" onClick={onChange}>
        {correct ? "It was wrong after all" : "Change it"}
      </button>
    </div>
  );
}
