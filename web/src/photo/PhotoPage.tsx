// Drop a photo, see the place, and where to go next.
import { useCallback, useMemo, useSyncExternalStore } from "react";

import { useDesk } from "../app/context";
import { Problem } from "../app/Problem";
import { originOf } from "../places/origin";
import { Places } from "../places/Places";
import { Answer } from "./Answer";
import type { OnDesk } from "./desk";
import { Landscape } from "./Landscape";
import { PhotoInputs, useDroppedPhoto } from "./PhotoInputs";
import { Progress, useSpokenProgress } from "./Progress";
import { ShownPhoto } from "./ShownPhoto";
import "./photo.css";

export function PhotoPage() {
  const desk = useDesk();
  const now = useSyncExternalStore(desk.subscribe, desk.current);
  const put = useCallback((photo: File) => desk.put(photo, photo.name), [desk]);
  const over = useDroppedPhoto(put);
  useSpokenProgress(now);
  return (
    <div className={over ? "photo-page over" : "photo-page"}>
      {now.step === "empty" ? <Invitation onPhoto={put} /> : <Looking now={now} onPhoto={put} />}
    </div>
  );
}

function Invitation({ onPhoto }: { onPhoto: (photo: File) => void }) {
  return (
    <>
      <h1>Where was this taken?</h1>
      <p className="lead">
        Give me a photo of a place. I tell you which landmark it shows, and what is worth seeing
        nearby.
      </p>
      <div className="drop">
        <Landscape />
        <PhotoInputs onPhoto={onPhoto} />
        <p className="hint with-mouse">or drop one anywhere on this page, or paste it</p>
      </div>
      <p className="hint">
        JPEG, PNG, WebP or GIF. Your browser makes it smaller first and, in doing so, leaves out
        where and when it was taken.
      </p>
    </>
  );
}

interface Props {
  now: Exclude<OnDesk, { step: "empty" }>;
  onPhoto: (photo: File) => void;
}

function Looking({ now, onPhoto }: Props) {
  const desk = useDesk();
  const answered = now.step === "answered" ? now : undefined;
  const prediction = answered?.prediction;
  const id = prediction?.prediction_id;
  // What a model says of the photo finds better places than what the classifier saw of it.
  const words = answered?.words;
  const basis = useMemo(
    () => ({ ...(id && { prediction_id: id }), ...(words && { llava_description: words }) }),
    [id, words],
  );
  const busy = now.step === "preparing" || now.step === "sending" || now.step === "looking";
  return (
    <>
      <h1 className="visually-hidden">Your photo</h1>
      <div className="photo-and-answer">
        <ShownPhoto photo={now.photo} busy={busy} />
        <div className="stack">
          <Progress now={now} onStop={() => desk.stop()} onRetry={() => desk.retry()} />
          {now.step === "failed" && <Problem error={now.error} onRetry={() => desk.retry()} />}
          {answered && (
            <Answer
              key={id}
              prediction={answered.prediction}
              photo={now.photo.ready ?? now.photo.original}
              since={answered}
              onSince={(since) => desk.add(answered.prediction.prediction_id, since)}
            />
          )}
          {!busy && <PhotoInputs again onPhoto={onPhoto} />}
        </div>
      </div>
      {prediction && (
        <div className="around">
          <Places basis={basis} origin={originOf(prediction)} />
        </div>
      )}
    </>
  );
}
