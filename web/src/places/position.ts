// Where the traveller is, if they let the browser say so.
import { useCallback, useEffect, useRef, useState } from "react";

import type { Point } from "../map/earth";

export type Whereabouts =
  | { state: "unasked" }
  | { state: "asking" }
  | { state: "known"; point: Point }
  | { state: "refused"; why: string };

// Three decimals are about a hundred metres: enough for places nearby, and nobody's front door.
const DECIMALS = 3;
const ASKED: PositionOptions = { timeout: 15_000, maximumAge: 300_000, enableHighAccuracy: false };

/** Ask for the position, on demand. `forget` goes back to not knowing it. */
export function usePosition(): { whereabouts: Whereabouts; ask(): void; forget(): void } {
  const [whereabouts, setWhereabouts] = useState<Whereabouts>({ state: "unasked" });
  // An answer that comes after `forget`, or when the page is gone, is not wanted any more.
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );
  const ask = useCallback(() => {
    turn.current += 1;
    const own = turn.current;
    setWhereabouts({ state: "asking" });
    void locate().then((answer) => {
      if (own === turn.current) setWhereabouts(answer);
    });
  }, []);
  const forget = useCallback(() => {
    turn.current += 1;
    setWhereabouts({ state: "unasked" });
  }, []);
  return { whereabouts, ask, forget };
}

/** Ask the browser once; a refusal comes with what can be done about it. */
export function locate(): Promise<Whereabouts> {
  if (!window.isSecureContext) {
    const why =
      "Browsers tell the position to pages with a secure address (https) only, and this is none.";
    return Promise.resolve({ state: "refused", why });
  }
  if (!("geolocation" in navigator)) {
    return Promise.resolve({ state: "refused", why: "This browser cannot tell where it is." });
  }
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        const point = { latitude: rounded(latitude), longitude: rounded(longitude) };
        resolve({ state: "known", point });
      },
      ({ code }) => resolve({ state: "refused", why: REFUSALS[code] ?? UNKNOWN }),
      ASKED,
    );
  });
}

const UNKNOWN = "Your position could not be found out. Try again in a moment.";
// The codes of GeolocationPositionError.
const REFUSALS: Record<number, string> = {
  1:
    "The browser was not allowed to say where you are. " +
    "You can allow it in the settings of this page, beside the address.",
  2: "Your position is not known right now. Is the location service of your device on?",
  3: "Finding out your position took too long. Try again, perhaps by a window.",
};

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}
