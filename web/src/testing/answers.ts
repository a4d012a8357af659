// What POST /predict answers, for tests: a place that is known, and one that is not.
import type { PredictResponse, RankedLandmark } from "../api/models";

export const COLOSSEUM: RankedLandmark = {
  landmark_id: "colosseum",
  landmark: "Colosseum",
  confidence: 0.92,
  country: "IT",
  city: "Rome",
  latitude: 41.8902,
  longitude: 12.4922,
};

export const ARENA: RankedLandmark = {
  landmark_id: "arles-amphitheatre",
  landmark: "Arles Amphitheatre",
  confidence: 0.05,
  country: "FR",
  city: "Arles",
  latitude: 43.6778,
  longitude: 4.631,
};

export const KNOWN: PredictResponse = {
  prediction_id: "01KNOWN",
  landmark: "Colosseum",
  recognised: true,
  confidence_level: "high",
  predictions: [COLOSSEUM, ARENA],
  scene: [{ label: "triumphal arch", confidence: 0.3 }],
  model_version: "lite2-108",
  cached: false,
  latency_ms: 30,
};

export const UNKNOWN: PredictResponse = {
  ...KNOWN,
  prediction_id: "01UNKNOWN",
  landmark: null,
  recognised: false,
  confidence_level: "low",
  predictions: [{ ...ARENA, confidence: 0.2 }],
  scene: [
    { label: "suspension bridge", confidence: 0.6 },
    { label: "web site", confidence: 0.02 },
  ],
};
