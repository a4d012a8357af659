// Predictions by the day they were made on, as the reader's clock has it.
import type { PredictionResponse } from "../api/models";

/** A day's predictions; `date` is the local one, as in 2026-05-01. */
export interface Day {
  date: string;
  title: string;
  predictions: PredictionResponse[];
}

// The page is in English, and so are its dates, wherever the browser is from.
const LANGUAGE = "en-GB";
const DAY_AND_MONTH = new Intl.DateTimeFormat(LANGUAGE, {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const WITH_YEAR = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long" });
const TIME = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const DATE_AND_TIME = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeStyle: "short" });

/** Group predictions by local day, in the order they come in. */
export function groupByDay(predictions: PredictionResponse[], now: Date): Day[] {
  const days: Day[] = [];
  for (const prediction of predictions) {
    const made = new Date(prediction.created_at);
    const date = localDate(made);
    let day = days.at(-1);
    if (day?.date !== date) {
      day = { date, title: titleOf(made, now), predictions: [] };
      days.push(day);
    }
    day.predictions.push(prediction);
  }
  return days;
}

/** The time of day, as in 09:05. */
export function timeOf(moment: string): string {
  return TIME.format(new Date(moment));
}

/** Day and time, as in "1 May 2026 at 09:05". */
export function dayAndTimeOf(moment: string): string {
  return DATE_AND_TIME.format(new Date(moment));
}

function titleOf(day: Date, now: Date): string {
  if (localDate(day) === localDate(now)) return "Today";
  // By the calendar: a day on which clocks change has no 24 hours.
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (localDate(day) === localDate(yesterday)) return "Yesterday";
  return (day.getFullYear() === now.getFullYear() ? DAY_AND_MONTH : WITH_YEAR).format(day);
}

function localDate(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
