// A shorter walk through a day, if there is one.
import { useId, useState } from "react";

import type { OrderResponse } from "../api/models";
import { useApi } from "../app/context";
import { Problem } from "../app/Problem";
import { useTask } from "../app/useTask";
import { distanceInKm } from "../places/words";
import type { Day } from "./days";
import type { TripEditor } from "./editor";

interface Props {
  editor: TripEditor;
  day: Day;
  onUse: (stopIds: readonly string[]) => void;
}

// Less is not worth a change of plans.
const NOTICEABLE_KM = 0.05;
// Two stops are as far apart in either order.
const FEWEST_STOPS = 3;

export function DayOrder({ editor, day: { number, stops }, onUse }: Props) {
  const api = useApi();
  const ids = useId();
  const [start, setStart] = useState("");
  const { run, reset, value, error, busy } = useTask(async (signal, first: string) => {
    await editor.settled();
    return api.suggestOrder(editor.id, { day: number, start: first || undefined }, signal);
  });
  if (stops.length < FEWEST_STOPS) return null;
  const savedKm = value ? value.current_distance_km - value.distance_km : 0;
  const keep = () => {
    reset();
    setStart("");
    document.getElementById(orderButtonId(number))?.focus();
  };
  const names = (value?.stop_ids ?? []).flatMap(
    (id) => stops.find(({ stop_id }) => stop_id === id) ?? [],
  );
  const isShorter = savedKm >= NOTICEABLE_KM;
  return (
    <div className="day-order">
      <button
        type="button"
        id={orderButtonId(number)}
        className="button"
        aria-disabled={busy}
        onClick={() => !busy && run(start)}
      >
        {busy ? "Measuring …" : "Suggest an order"}
        <span className="visually-hidden"> for day {number}</span>
      </button>
      <div role="status" className="day-suggestion">
        {value && (
          <div className="notice stack tight">
            {isShorter ? (
              <p>
                <strong>Saves {distanceInKm(savedKm)}:</strong> {distanceInKm(value.distance_km)}{" "}
                instead of {distanceInKm(value.current_distance_km)}, as the crow flies.
              </p>
            ) : (
              <p>{notShorter(value, start !== "")}</p>
            )}
            {isShorter && (
              <ol className="order-names">
                {names.map(({ stop_id, name }) => (
                  <li key={stop_id}>{name}</li>
                ))}
              </ol>
            )}
          </div>
        )}
      </div>
      {value && (
        <div className="row">
          <div className="field">
            <label htmlFor={`${ids}start`}>Begin day {number} with</label>
            <select
              id={`${ids}start`}
              value={start}
              onChange={(event) => {
                setStart(event.target.value);
                run(event.target.value);
              }}
            >
              <option value="">whatever is shortest</option>
              {stops.map(({ stop_id, name }) => (
                <option key={stop_id} value={stop_id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          {isShorter && (
            <button type="button" className="button primary" onClick={() => onUse(value.stop_ids)}>
              Use this order
            </button>
          )}
          <button type="button" className="button" onClick={keep}>
            Keep mine
          </button>
        </div>
      )}
      {error !== undefined && <Problem error={error} onRetry={() => run(start)} />}
    </div>
  );
}

function notShorter(order: OrderResponse, isBegun: boolean): string {
  const { current_distance_km: now, distance_km: suggested, exact } = order;
  if (isBegun && suggested - now >= NOTICEABLE_KM) {
    return `Beginning there takes ${distanceInKm(suggested - now)} more than your order.`;
  }
  const praise = exact ? "the shortest there is" : "as short as I can find";
  return `Your order is ${isBegun ? "as short" : praise}: ${distanceInKm(now)}.`;
}

export function orderButtonId(day: number): string {
  return `order-of-day-${day}`;
}
