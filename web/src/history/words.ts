// A prediction in a line: what it was taken for, how surely, and what was said to it.
import type { PredictionResponse } from "../api/models";
import { inPercent, SURENESS } from "../photo/words";

/** The landmark, or that it was none. */
export function nameOf(prediction: PredictionResponse): string {
  return prediction.landmark ?? "Not recognised";
}

/** How sure the answer was; of a photo that was not recognised, what it shows instead. */
export function surenessOf({ recognised, confidence_level, ...rest }: PredictionResponse): string {
  const best = rest.predictions[0];
  if (recognised && best) return `${SURENESS[confidence_level]}, ${inPercent(best.confidence)}`;
  const shown = rest.scene[0]?.label;
  return shown ? `No landmark I know; I saw: ${shown}` : "No landmark I know";
}

/** What the traveller said to it; null where nothing was said. */
export function saidOf({ feedback, predictions }: PredictionResponse): string | null {
  if (!feedback) return null;
  const { correct, landmark } = feedback;
  if (correct) return "You said it was right";
  if (!landmark) return "You said it was wrong";
  const candidate = predictions.find(({ landmark_id }) => landmark_id === landmark);
  return `You said it was ${candidate?.landmark ?? asName(landmark)}`;
}

// What was picked from the catalogue is kept by its id, what was typed as it was typed.
const ID = /^[a-z0-9]+(-[a-z0-9]+)+$/;

function asName(said: string): string {
  if (!ID.test(said)) return said;
  const words = said.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join(" ");
}
