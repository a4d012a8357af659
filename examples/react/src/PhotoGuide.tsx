// Choose a photo: it is named, and places worth going to from there are listed.
import { type ChangeEvent, useRef, useState } from "react";

import { ApiError, type TravelApi } from "./api.js";
import type { PredictResponse, Recommendation } from "./models.js";

type State =
  | { kind: "waiting" }
  | { kind: "looking" }
  | { kind: "found"; prediction: PredictResponse; places: Recommendation[] }
  | { kind: "failed"; message: string };

export function PhotoGuide({ api }: { api: TravelApi }) {
  const [state, setState] = useState<State>({ kind: "waiting" });
  // The answer to an earlier photo must not replace that to a later one.
  const latest = useRef(0);

  async function choose(event: ChangeEvent<HTMLInputElement>) {
    const photo = event.target.files?.[0];
    if (!photo) return;
    const turn = ++latest.current;
    setState({ kind: "looking" });
    const found = await look(api, photo);
    if (turn === latest.current) setState(found);
  }

  return (
    <section>
      <label>
        Your photo <input type="file" accept="image/*" onChange={choose} />
      </label>
      <Answer state={state} />
    </section>
  );
}

async function look(api: TravelApi, photo: File): Promise<State> {
  try {
    const prediction = await api.predict(photo);
    if (!prediction.recognised) return { kind: "found", prediction, places: [] };
    const near = { prediction_id: prediction.prediction_id, top_k: 3 };
    const { recommendations } = await api.recommend(near);
    return { kind: "found", prediction, places: recommendations };
  } catch (error) {
    const message = error instanceof ApiError ? error.detail : "The service cannot be reached.";
    return { kind: "failed", message };
  }
}

function Answer({ state }: { state: State }) {
  if (state.kind === "waiting") return null;
  if (state.kind === "looking") return <p role="status">Looking …</p>;
  if (state.kind === "failed") return <p role="alert">{state.message}</p>;
  const { prediction, places } = state;
  if (!prediction.recognised) return <p>This is no landmark that I know.</p>;
  return (
    <>
      <h2>{prediction.landmark}</h2>
      <ul>
        {places.map((place) => (
          <li key={place.landmark_id}>
            <strong>{place.landmark}</strong>, {place.city}: {place.reason}
          </li>
        ))}
      </ul>
    </>
  );
}
