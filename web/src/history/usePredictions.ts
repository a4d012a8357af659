// The history, page by page, without what has been deleted meanwhile.
import { useCallback, useEffect, useMemo, useState } from "react";

import type { PredictionResponse } from "../api/models";
import { useApi } from "../app/context";
import { useTask } from "../app/useTask";

export const PREDICTIONS_A_PAGE = 20;

export interface KnownPredictions {
  /** Newest first; undefined until the first page is there. */
  predictions: PredictionResponse[] | undefined;
  hasMore: boolean;
  busy: boolean;
  error: unknown;
  /** Read the next page, or again what could not be read. */
  more: () => void;
  /** Leave one out that has been deleted. */
  drop: (id: string) => void;
}

const NONE: ReadonlySet<string> = new Set();

export function usePredictions(): KnownPredictions {
  const api = useApi();
  const [dropped, setDropped] = useState(NONE);
  const { run, value, busy, error } = useTask(
    async (signal, known: PredictionResponse[], cursor: string | null) => {
      const page = await api.listPredictions({ limit: PREDICTIONS_A_PAGE, cursor }, signal);
      return { predictions: [...known, ...page.predictions], cursor: page.next_cursor };
    },
  );
  const more = useCallback(
    () => run(value?.predictions ?? [], value?.cursor ?? null),
    [run, value],
  );
  useEffect(() => run([], null), [run]);
  const drop = useCallback((id: string) => setDropped((before) => new Set([...before, id])), []);
  const predictions = useMemo(
    () => value?.predictions.filter(({ prediction_id: id }) => !dropped.has(id)),
    [value, dropped],
  );
  const hasMore = typeof value?.cursor === "string";
  return { predictions, hasMore, busy, error, more, drop };
}
