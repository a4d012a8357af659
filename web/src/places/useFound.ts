// The places for a basis and filters, asked for whenever those change.
import { useEffect, useMemo } from "react";

import type { RecommendRequest, RecommendResponse } from "../api/models";
import { useApi } from "../app/context";
import { useTask } from "../app/useTask";
import type { Point } from "../map/earth";
import { type Basis, type Filters, requestOf } from "./filters";
import { useDebounced } from "./useDebounced";

// Long enough for a pause between words.
const TYPING_MS = 500;

export interface Found {
  answer: RecommendResponse | undefined;
  error: unknown;
  busy: boolean;
  /** False while nothing says what to look for. */
  asked: boolean;
  again: () => void;
}

export function useFound(
  basis: Basis,
  filters: Filters,
  position: Point | null,
  isPlaced: boolean,
): Found {
  const api = useApi();
  const words = useDebounced(filters.words, TYPING_MS);
  const { maxDistanceKm } = filters;
  const request = requestOf(basis, { maxDistanceKm, words }, position, isPlaced);
  // As text, since callers make a new basis with every rendering.
  const text = request && JSON.stringify(request);
  const { run, reset, value, error, busy } = useTask((signal, asked: string) =>
    api.recommend(JSON.parse(asked) as RecommendRequest, signal),
  );
  useEffect(() => {
    if (text) run(text);
    else reset();
  }, [text, run, reset]);
  return useMemo(
    () => ({
      answer: value,
      error,
      busy,
      asked: text !== null,
      again: () => text && run(text),
    }),
    [value, error, busy, text, run],
  );
}
