// What distances are measured from, to draw it on the map.
import { useMemo } from "react";

import type { PredictionResponse, PredictResponse } from "../api/models";
import type { Point } from "../map/earth";
import type { Origin } from "../map/places";
import type { Basis } from "./filters";

/** The place that a photo shows, to draw distances from it; undefined where it is not known. */
export function originOf(prediction: PredictResponse | PredictionResponse): Origin | undefined {
  const [best] = prediction.predictions;
  if (!prediction.recognised || !best) return undefined;
  const { landmark: name, latitude, longitude } = best;
  if (latitude === null || longitude === null) return undefined;
  return { name, latitude, longitude };
}

/** Where the traveller is, else what is given, else the point that places are looked for around. */
export function useOrigin(
  position: Point | null,
  given: Origin | undefined,
  basis: Basis,
): Origin | undefined {
  const found = position ? { ...position, name: "You are here" } : (given ?? pointOf(basis));
  const { latitude, longitude, name } = found ?? {};
  // The same one for as long as it says the same: the map is drawn anew for another.
  return useMemo(() => {
    if (latitude === undefined || longitude === undefined || name === undefined) return undefined;
    return { latitude, longitude, name };
  }, [latitude, longitude, name]);
}

function pointOf({ latitude, longitude }: Basis): Origin | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  return { latitude, longitude, name: "Here" };
}
