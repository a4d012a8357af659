// Predictions as the API gives them, for tests.
import type { PredictionResponse } from "../api/models";

/** The Colosseum, seen on 1 May 2026 at noon by this device's clock, but for `changes`. */
export function aPrediction(changes: Partial<PredictionResponse> = {}): PredictionResponse {
  return {
    prediction_id: "01COLOSSEUM",
    created_at: new Date(2026, 4, 1, 12, 0).toISOString(),
    recognised: true,
    landmark: "Colosseum",
    confidence_level: "medium",
    predictions: [
      {
        landmark_id: "colosseum",
        landmark: "Colosseum",
        confidence: 0.814,
        country: "IT",
        city: "Rome",
        latitude: 41.8902,
        longitude: 12.4922,
      },
    ],
    scene: [{ label: "palace", confidence: 0.4 }],
    model_version: "test",
    image_sha256: "00",
    ...changes,
  };
}
