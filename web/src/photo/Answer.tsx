// What the photo shows, how sure that is, and what else it may be.
import type { PredictionResponse, PredictResponse } from "../api/models";
import { whereabouts } from "../app/country";
import { PinIcon } from "../app/icons";
import { AddToTrip } from "../places/AddToTrip";
import { Description } from "./Description";
import type { Since } from "./desk";
import { Feedback } from "./Feedback";
import { inPercent, OPENING, SURENESS } from "./words";
import "./answer.css";

type Prediction = PredictResponse | PredictionResponse;
type Ranked = Prediction["predictions"][number];

interface Props {
  prediction: Prediction;
  /** Where it is at hand, so that a model can look at it to describe it. */
  photo?: Blob | undefined;
  /** What has come of the answer before; a prediction of the history has its feedback itself. */
  since?: Since | undefined;
  /** Told of what comes of it, for who shows it again later. */
  onSince?: ((since: Since) => void) | undefined;
}

// Below this nobody wants to hear of it.
const WORTH_A_WORD = 0.01;
const TAG_WORTH_A_WORD = 0.08;

/** An answer, new or from the history: name, confidence, alternatives, words, feedback. */
export function Answer({ prediction, photo, since, onSince }: Props) {
  const best = prediction.predictions[0];
  const known = prediction.recognised && best;
  return (
    <article className="answer stack">
      {known ? (
        <Known best={best} level={prediction.confidence_level} />
      ) : (
        <Unknown prediction={prediction} />
      )}
      <div className="stack answer-next">
        <Description
          id={prediction.prediction_id}
          photo={photo}
          before={since?.description}
          onDescribed={(description) => onSince?.({ description })}
        />
        {known && <Keep place={best} />}
        <Alternatives prediction={prediction} />
      </div>
      <Feedback
        prediction={prediction}
        before={since?.feedback}
        onGiven={(feedback) => onSince?.({ feedback })}
      />
    </article>
  );
}

function Known({ best, level }: { best: Ranked; level: Prediction["confidence_level"] }) {
  const { landmark, confidence, city, country } = best;
  const where = whereabouts(city, country);
  return (
    <>
      <div>
        <p className="kicker">{OPENING[level]}</p>
        <h2 className="place-name">{landmark}</h2>
        {where && (
          <p className="where">
            <PinIcon />
            {where}
          </p>
        )}
      </div>
      <div className={`confidence ${level}`}>
        <p>
          <strong>{SURENESS[level]}</strong>: {inPercent(confidence)}
        </p>
        <Bar share={confidence} />
      </div>
    </>
  );
}

function Keep({ place }: { place: Ranked }) {
  const { landmark: name, landmark_id, latitude, longitude } = place;
  // A class of the classifier that the catalogue has not.
  if (latitude === null || longitude === null) return null;
  return <AddToTrip place={{ name, latitude, longitude, landmark_id }} />;
}

function Unknown({ prediction }: { prediction: Prediction }) {
  const tags = prediction.scene.filter(({ confidence }) => confidence >= TAG_WORTH_A_WORD);
  return (
    <>
      <div>
        <p className="kicker">A beautiful place, surely, but</p>
        <h2 className="place-name">Not a landmark I know</h2>
      </div>
      {tags.length > 0 && (
        <div>
          <p>What I see in it:</p>
          <ul className="tags">
            {tags.map(({ label }) => (
              <li key={label}>{label}</li>
            ))}
          </ul>
        </div>
      )}
      <p>I know some famous places, not all. Below are places of this kind.</p>
    </>
  );
}

function Alternatives({ prediction }: { prediction: Prediction }) {
  const others = prediction.predictions
    .slice(prediction.recognised ? 1 : 0)
    .filter(({ confidence }) => confidence >= WORTH_A_WORD);
  if (others.length === 0) return null;
  return (
    <details className="alternatives">
      <summary>{prediction.recognised ? "What else it may be" : "What it reminds me of"}</summary>
      <ul>
        {others.map(({ landmark_id, landmark, confidence, city, country }) => (
          <li key={landmark_id}>
            <span className="grow">
              {landmark} <span className="hint">{whereabouts(city, country)}</span>
            </span>
            <span className="percent">{inPercent(confidence)}</span>
            <Bar share={confidence} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Says nothing that the number beside it does not. */
function Bar({ share }: { share: number }) {
  return (
    <span className="bar" aria-hidden="true">
      <span style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}
