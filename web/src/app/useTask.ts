// One thing at a time that takes a while, and how it stands.
import { useCallback, useEffect, useRef, useState } from "react";

import { isAborted } from "../api/errors";

export interface Task<A extends unknown[], T> {
  /** Begin, in place of what is being done. */
  run: (...args: A) => void;
  /** Of the last time that it went well; it stays while it is done again. */
  value: T | undefined;
  /** Of the last time, if that did not go well. */
  error: unknown;
  busy: boolean;
  /** Give up what is being done and forget what has been. */
  reset: () => void;
}

interface State<T> {
  value: T | undefined;
  error: unknown;
  busy: boolean;
}

const NOTHING = { value: undefined, error: undefined, busy: false };

/**
 * Do `work` when asked to. The newest call wins: the one before is aborted, and so is any when the
 * component goes. `run` and `reset` stay the same, so that effects may depend on them.
 */
export function useTask<A extends unknown[], T>(
  work: (signal: AbortSignal, ...args: A) => Promise<T>,
): Task<A, T> {
  const [state, setState] = useState<State<T>>(NOTHING);
  const running = useRef<AbortController | null>(null);
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => () => stop(running), []);

  const run = useCallback((...args: A) => {
    stop(running);
    const controller = new AbortController();
    running.current = controller;
    const settle = (change: (before: State<T>) => State<T>) => {
      if (running.current !== controller) return;
      running.current = null;
      setState(change);
    };
    setState(({ value }) => ({ value, error: undefined, busy: true }));
    // In a promise, so that what throws at once ends up in the same place.
    Promise.resolve()
      .then(() => latest.current(controller.signal, ...args))
      .then(
        (value) => settle(() => ({ value, error: undefined, busy: false })),
        (error: unknown) =>
          settle(({ value }) => ({
            value,
            error: isAborted(error) ? undefined : error,
            busy: false,
          })),
      );
  }, []);

  const reset = useCallback(() => {
    stop(running);
    setState(NOTHING);
  }, []);

  return { ...state, run, reset };
}

function stop(running: { current: AbortController | null }): void {
  const controller = running.current;
  running.current = null;
  controller?.abort();
}
