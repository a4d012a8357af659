import { type FormEvent, useId, useState } from "react";
import type { PredictionResponse, PredictResponse } from "../api/models";
import { whereabouts } from "../app/country";
import { FormButtons } from "../app/FormButtons";
import { LandmarkSearch } from "./LandmarkSearch";

interface Props {
  prediction: PredictResponse | PredictionResponse;
  busy: boolean;
  /** With the id or the name of the landmark; empty where nobody knows it. */
  onSend: (landmark: string, comment: string) => void;
  onCancel: () => void;
}

const MAX_COMMENT_CHARACTERS = 500;

/** A form to say what the photo really shows. */
export function Correction({ prediction, busy, onSend, onCancel }: Props) {
  const comment = useId();
  const [landmark, setLandmark] = useState("");
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(landmark.trim(), text.trim());
  };
  // The right one is often the second best.
  const likely = prediction.predictions
    .slice(prediction.recognised ? 1 : 0)
    .map(({ landmark_id, landmark: name, city, country }) => ({
      id: landmark_id,
      name,
      where: whereabouts(city, country),
    }));
  return (
    <form className="card stack" onSubmit={submit}>
      <LandmarkSearch
        label="What does the photo show?"
        hint="If you do not know, just leave it empty."
        likely={likely}
        onChange={setLandmark}
      />
      <div className="field">
        <label htmlFor={comment}>Anything else? (optional)</label>
        <textarea
          id={comment}
          rows={2}
          value={text}
          maxLength={MAX_COMMENT_CHARACTERS}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <FormButtons busy={busy} send="Send" sending="Sending …" onCancel={onCancel} />
    </form>
  );
}
