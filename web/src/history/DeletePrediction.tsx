// Asks before an answer goes for good, and deletes it.
import { useState } from "react";

import { ApiError } from "../api/errors";
import type { PredictionResponse } from "../api/models";
import { useApi } from "../app/context";
import { DeletionButtons, Dialog } from "../app/Dialog";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { dayAndTimeOf } from "./days";
import { nameOf } from "./words";

interface Props {
  prediction: PredictionResponse;
  /** Called once it is gone; where the focus goes is the caller's business. */
  onDeleted: (prediction: PredictionResponse) => void;
}

export function DeletePrediction({ prediction, onDeleted }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        Delete
        <span className="visually-hidden">
          {" "}
          {nameOf(prediction)}, {dayAndTimeOf(prediction.created_at)}
        </span>
      </button>
      {asking && (
        <Dialog title="Delete this answer?" onClose={() => setAsking(false)}>
          <Question prediction={prediction} onDeleted={onDeleted} onKeep={() => setAsking(false)} />
        </Dialog>
      )}
    </>
  );
}

function Question({ prediction, onDeleted, onKeep }: Props & { onKeep: () => void }) {
  const api = useApi();
  const { run, busy, error } = useTask(async (signal) => {
    try {
      await api.deletePrediction(prediction.prediction_id);
    } catch (problem) {
      // Deleted in another tab: that is what was wanted.
      if (!(problem instanceof ApiError && problem.code === "prediction_not_found")) throw problem;
    }
    if (!signal.aborted) onDeleted(prediction);
  });
  return (
    <>
      <p>
        {nameOf(prediction)}, {dayAndTimeOf(prediction.created_at)}. The answer and what you said to
        it go for good.
      </p>
      {error !== undefined && <Problem error={error} onRetry={run} />}
      <DeletionButtons busy={busy} onKeep={onKeep} onDelete={run} />
    </>
  );
}
