// How far it is, for those who see it and those who hear it.
import { useEffect } from "react";

import type { PredictResponse } from "../api/models";
import { useAnnounce } from "../app/Announcer";
import type { OnDesk } from "./desk";
import { OPENING, SURENESS } from "./words";

interface Props {
  now: OnDesk;
  onStop: () => void;
  onRetry: () => void;
}

export function Progress({ now, onStop, onRetry }: Props) {
  if (now.step === "stopped") {
    return (
      <div className="notice stack tight">
        <p>Stopped. The photo is still here.</p>
        <p>
          <button type="button" className="button" onClick={onRetry}>
            Send it again
          </button>
        </p>
      </div>
    );
  }
  if (now.step !== "preparing" && now.step !== "sending" && now.step !== "looking") return null;
  const share = now.step === "sending" ? now.share : undefined;
  return (
    <div className="working stack tight">
      <p id="working">{WORDS[now.step]}</p>
      {/* Without a value it shows only that something is being done. */}
      <progress aria-labelledby="working" max={1} value={share} />
      <p>
        <button type="button" className="button quiet" onClick={onStop}>
          Cancel
        </button>
      </p>
    </div>
  );
}

const WORDS = {
  preparing: "Making the photo smaller …",
  sending: "Sending it …",
  looking: "Looking at it …",
};

/** Say each step once. Errors say themselves. */
export function useSpokenProgress(now: OnDesk): void {
  const announce = useAnnounce();
  const { step } = now;
  const prediction = now.step === "answered" ? now.prediction : undefined;
  useEffect(() => {
    if (step === "sending") announce("Sending the photo.");
    if (step === "looking") announce("Looking at the photo.");
    if (prediction) announce(inShort(prediction));
  }, [step, prediction, announce]);
}

export function inShort({ landmark, confidence_level: level }: PredictResponse): string {
  if (!landmark) return "This is not a landmark I know.";
  return `${OPENING[level]} ${landmark}. ${SURENESS[level]}.`;
}
