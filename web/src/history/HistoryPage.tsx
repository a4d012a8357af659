// What was answered to every photo, newest first, by days.
import { useCallback, useLayoutEffect, useRef } from "react";

import type { PredictionResponse } from "../api/models";
import { useAnnounce } from "../app/Announcer";
import { Problem } from "../app/Problem";
import { DeletePrediction } from "./DeletePrediction";
import { groupByDay, timeOf } from "./days";
import { usePredictions } from "./usePredictions";
import { nameOf, saidOf, surenessOf } from "./words";
import "./history.css";

export function HistoryPage() {
  const { predictions, hasMore, busy, error, more, drop } = usePredictions();
  const announce = useAnnounce();
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLDivElement>(null);
  // Which row gets the focus once the list has changed: the first new one, or a neighbour of what
  // has been deleted. Whoever uses the keyboard would start at the top of the page otherwise.
  const next = useRef<number | null>(null);

  useLayoutEffect(() => {
    if (next.current === null || !predictions) return;
    const rows = list.current?.querySelectorAll<HTMLElement>(".history-link") ?? [];
    const row = rows[Math.min(next.current, rows.length - 1)];
    next.current = null;
    (row ?? heading.current)?.focus();
  }, [predictions]);

  const showMore = () => {
    next.current = predictions?.length ?? null;
    more();
  };
  const remove = useCallback(
    (prediction: PredictionResponse) => {
      next.current = predictions?.indexOf(prediction) ?? null;
      drop(prediction.prediction_id);
      announce(`${nameOf(prediction)} has been deleted.`);
    },
    [predictions, drop, announce],
  );

  return (
    <section className="stack history">
      <h1 ref={heading} tabIndex={-1}>
        History
      </h1>
      <p className="hint">
        What was answered to your photos. The photos themselves are not kept, so that there are no
        pictures here.
      </p>
      {predictions?.length === 0 && !hasMore && <Nothing />}
      <div className="stack" ref={list}>
        {groupByDay(predictions ?? [], new Date()).map((day) => (
          <section key={day.date} aria-labelledby={`day-${day.date}`} className="stack tight">
            <h2 id={`day-${day.date}`}>{day.title}</h2>
            <ul className="history-list">
              {day.predictions.map((prediction) => (
                <Row key={prediction.prediction_id} prediction={prediction} onDeleted={remove} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {error !== undefined && <Problem error={error} onRetry={showMore} />}
      {busy && !predictions && <p role="status">Your history is coming …</p>}
      {hasMore && error === undefined && (
        <p>
          <button type="button" className="button" aria-disabled={busy} onClick={showMore}>
            {busy ? "More is coming …" : "Show more"}
          </button>
        </p>
      )}
    </section>
  );
}

function Nothing() {
  return (
    <div className="card stack tight">
      <p>Nothing yet: every photo that you have named appears here with its answer.</p>
      <p>
        <a className="button primary" href="#/photo">
          Name a photo
        </a>
      </p>
    </div>
  );
}

interface RowProps {
  prediction: PredictionResponse;
  onDeleted: (prediction: PredictionResponse) => void;
}

function Row({ prediction, onDeleted }: RowProps) {
  const { prediction_id: id, created_at: created } = prediction;
  const said = saidOf(prediction);
  return (
    <li className="card history-row">
      <div className="history-words">
        <a className="history-link" href={`#/history/${encodeURIComponent(id)}`}>
          {nameOf(prediction)}
        </a>
        <p className="hint">
          <time dateTime={created}>{timeOf(created)}</time> · {surenessOf(prediction)}
          {said && ` · ${said}`}
        </p>
      </div>
      <DeletePrediction prediction={prediction} onDeleted={onDeleted} />
    </li>
  );
}
