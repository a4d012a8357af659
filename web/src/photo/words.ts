// How sure the answer is, and where words come from, in a traveller's words.
import type { DescribeResponse, PredictResponse, Quota, Reason } from "../api/models";

type Level = PredictResponse["confidence_level"];

export const OPENING: Record<Level, string> = {
  high: "This is",
  medium: "This looks like",
  low: "This may be",
};

export const SURENESS: Record<Level, string> = {
  high: "Very sure",
  medium: "Fairly sure",
  low: "Not sure at all",
};

/** "92 %"; never "100 %", which nobody can promise, nor "0 %". */
export function inPercent(confidence: number): string {
  if (confidence > 0.99) return "over 99 %";
  if (confidence < 0.01) return "under 1 %";
  return `${Math.round(confidence * 100)} %`;
}

const WHY_LOCAL: Record<Reason, string> = {
  no_token: "No language model is set up here.",
  budget_spent: "This month's descriptions by a language model are used up.",
  share_spent: "Your descriptions by a language model are used up for this month.",
  too_busy: "The language model had no time: many people are asking.",
  model_unavailable: "The language model did not answer.",
  model_too_slow: "The language model took too long.",
  storage_busy: "The service was too busy to ask a language model.",
  photo_not_kept: "Photos are not kept, so a language model cannot look at this one again.",
};

/** Where a description comes from. */
export function provenance({ source, model, reason }: DescribeResponse): string {
  if (source === "llava") return `Written by the language model ${model}, which can be wrong.`;
  const why = reason ? ` ${WHY_LOCAL[reason]}` : "";
  return `Put together from what the photo and our catalogue of places tell.${why}`;
}

/** What is left of this month's descriptions by a model; empty where nobody could say. */
export function quotaLeft({ remaining, limit, resets_at }: Quota): string {
  if (remaining === null) return "";
  const day = new Date(resets_at).toLocaleDateString("en", {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  return `${remaining} of ${limit} left until ${day}.`;
}
