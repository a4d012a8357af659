// Finding a place whose name one knows.
import { type ReactNode, useEffect, useId, useState } from "react";

import type { ListedLandmark } from "../api/models";
import { useApi } from "../app/context";
import { whereabouts } from "../app/country";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { useDebounced } from "../places/useDebounced";

const TYPING_MS = 400;
const MOST = 8;
// The API wants something to look for.
const HAS_LETTERS = /[\p{L}\p{N}]/u;

export function FindByName({ action }: { action: (place: ListedLandmark) => ReactNode }) {
  const api = useApi();
  const ids = useId();
  const [words, setWords] = useState("");
  const name = useDebounced(words.trim(), TYPING_MS);
  const { run, reset, value, error, busy } = useTask(async (signal, q: string) => {
    const { landmarks, total } = await api.listLandmarks({ q, limit: MOST }, signal);
    return { landmarks, total, q };
  });
  useEffect(() => {
    if (HAS_LETTERS.test(name)) run(name);
    else reset();
  }, [name, run, reset]);
  return (
    <div className="find-by-name stack tight">
      {/* biome-ignore lint/a11y/useSemanticElements: browsers know <search> since 2023 only. */}
      <form role="search" aria-label="Find a place" onSubmit={(event) => event.preventDefault()}>
        <div className="field">
          <label htmlFor={ids}>A place or a city that you know by name</label>
          <input
            id={ids}
            type="search"
            value={words}
            maxLength={200}
            placeholder="Colosseum, Kyoto …"
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      </form>
      <p role="status" className="hint">
        {busy && !value ? "Looking …" : ""}
        {value && value.total === 0 ? `I know no place called “${value.q}”. Is it spelt so?` : ""}
        {value && value.total > MOST
          ? `${value.total} places. The best known are here: write more of the name.`
          : ""}
      </p>
      {error !== undefined && <Problem error={error} onRetry={() => run(name)} />}
      {value && value.landmarks.length > 0 && (
        <ul className="found-by-name" aria-busy={busy || name !== words.trim()}>
          {value.landmarks.map((place) => (
            <li key={place.landmark_id} className="card">
              <div>
                <strong>{place.landmark}</strong>
                <p className="hint">{whereabouts(place.city, place.country)}</p>
              </div>
              {action(place)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
