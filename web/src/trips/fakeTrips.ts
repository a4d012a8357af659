// For tests: trips kept as the API keeps them, with versions that have to match.
import type { Versioned } from "../api/client";
import { ApiError } from "../api/errors";
import type { ItineraryChanges, ItineraryResponse, StopRequest, StopResponse } from "../api/models";

export function stop(id: string, day = 1, more: Partial<StopResponse> = {}): StopResponse {
  return {
    stop_id: id,
    day,
    date: null,
    name: id.toUpperCase(),
    latitude: 41 + id.charCodeAt(0) / 1000,
    longitude: 12,
    landmark_id: id,
    note: null,
    ...more,
  };
}

export function trip(
  stops: StopResponse[],
  more: Partial<ItineraryResponse> = {},
): ItineraryResponse {
  return {
    itinerary_id: "01TRIP",
    etag: '"1"',
    name: "Rome",
    starts_on: null,
    note: null,
    stops,
    created_at: "2026-05-01T10:00:00Z",
    updated_at: "2026-05-01T10:00:00Z",
    ...more,
  };
}

/** One trip behind the two calls that change it. What others do to it is said with `elsewhere`. */
export class FakeTrips {
  version = 1;
  sent: ItineraryChanges[] = [];
  /** Thrown in place of the next answers of PATCH, in their order; null lets one pass. */
  failures: (Error | null)[] = [];
  /** Whether a change that fails is made all the same, its answer lost. */
  losesAnswers = false;
  /** Wait for this before answering a change. */
  gate: Promise<void> = Promise.resolve();
  #made = 0;

  constructor(public value: ItineraryResponse) {}

  showItinerary = async (): Promise<Versioned<ItineraryResponse>> => this.#now();

  changeItinerary = async (
    _id: string,
    etag: string,
    changes: ItineraryChanges,
  ): Promise<Versioned<ItineraryResponse>> => {
    await this.gate;
    const failure = this.failures.shift() ?? null;
    if (failure && !this.losesAnswers) throw failure;
    if (etag !== `"${this.version}"`) {
      throw new ApiError(412, "Changed.", { code: "precondition_failed" });
    }
    this.sent.push(changes);
    this.elsewhere(changes);
    if (failure) throw failure;
    return this.#now();
  };

  /** Both calls, as an API that has no others. */
  readonly api = { showItinerary: this.showItinerary, changeItinerary: this.changeItinerary };

  elsewhere({ stops, name, starts_on, note }: ItineraryChanges): void {
    this.version += 1;
    this.value = {
      ...this.value,
      name: name ?? this.value.name,
      starts_on: starts_on === undefined ? this.value.starts_on : starts_on,
      note: note === undefined ? this.value.note : note,
      stops: stops ? this.#kept(stops) : this.value.stops,
    };
  }

  ids(): string[] {
    return this.value.stops.map(({ stop_id, day }) => `${stop_id}${day}`);
  }

  #kept(stops: readonly StopRequest[]): StopResponse[] {
    const known = new Set(this.value.stops.map(({ stop_id }) => stop_id));
    return stops
      .map(({ stop_id, day = 1, landmark_id = null, note = null, ...rest }): StopResponse => {
        if (stop_id && !known.has(stop_id)) throw new ApiError(422, "No such stop.");
        this.#made += stop_id ? 0 : 1;
        const id = stop_id ?? `made${this.#made}-`;
        return { ...rest, stop_id: id, day, date: null, landmark_id, note };
      })
      .toSorted((one, other) => one.day - other.day);
  }

  #now(): Versioned<ItineraryResponse> {
    const etag = `"${this.version}"`;
    return { value: { ...this.value, etag }, etag };
  }
}
