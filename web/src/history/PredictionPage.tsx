// One answer of the history, as it was given, and where to go from there.
import { useCallback, useEffect } from "react";

import type { PredictionResponse } from "../api/models";
import { useAnnounce } from "../app/Announcer";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { navigate } from "../app/route";
import { useTask } from "../app/useTask";
import { Answer } from "../photo/Answer";
import { originOf } from "../places/origin";
import { Places } from "../places/Places";
import { DeletePrediction } from "./DeletePrediction";
import { dayAndTimeOf } from "./days";
import { nameOf } from "./words";
import "./history.css";

export function PredictionPage({ id }: { id: string }) {
  const api = useApi();
  const { run, value, error, busy } = useTask((signal, which: string) =>
    api.showPrediction(which, signal),
  );
  useEffect(() => run(id), [run, id]);
  return (
    <div className="stack">
      <p>
        <a href="#/history">All of the history</a>
      </p>
      {error !== undefined && <Problem error={error} onRetry={() => run(id)} />}
      {busy && !value && <p role="status">The answer is coming …</p>}
      {value && <Shown prediction={value} />}
    </div>
  );
}

function Shown({ prediction }: { prediction: PredictionResponse }) {
  const { prediction_id: id, created_at: created } = prediction;
  const announce = useAnnounce();
  const name = nameOf(prediction);
  useEffect(() => {
    document.title = `${name} · Where was this?`;
  }, [name]);
  const leave = useCallback(() => {
    navigate("/history");
    announce(`${name} has been deleted.`);
  }, [announce, name]);
  return (
    <>
      <div className="history-head">
        <div>
          <h1>
            Photo of <time dateTime={created}>{dayAndTimeOf(created)}</time>
          </h1>
          <p className="hint">This is what was answered. The photo itself was not kept.</p>
        </div>
        <DeletePrediction prediction={prediction} onDeleted={leave} />
      </div>
      <Answer prediction={prediction} />
      <Places basis={{ prediction_id: id }} origin={originOf(prediction)} />
    </>
  );
}
