import type { PredictionResponse, PredictResponse } from "../api/models";
import type { Origin } from "../map/places";

/** The place that a photo shows, to draw distances from it; undefined where it is not known. */
export function originOf(prediction: PredictResponse | PredictionResponse): Origin | undefined {
  const [best] = prediction.predictions;
  if (!prediction.recognised || !best) return undefined;
  const { landmark: name, latitude, longitude } = best;
  if (latitude === null || longitude === null) return undefined;
  return { name, latitude, longitude };
}
