// The one photo that is being looked at, from choosing it to the answer.
import type { TravelApi } from "../api/client";
import { ApiError, isAborted, SessionEndedError } from "../api/errors";
import type { DescribeResponse, FeedbackResponse, PredictResponse } from "../api/models";
import { shrink as shrinkInBrowser } from "./shrink";

export interface Photo {
  name: string;
  /** As it was chosen. */
  original: Blob;
  /** What is sent: shrunk, or the original where this browser cannot read it. Null until then. */
  ready: Blob | null;
  /** Shows it for as long as it is on the desk. */
  url: string;
}

/** What has come of an answer since. */
export interface Since {
  feedback?: FeedbackResponse;
  description?: DescribeResponse;
  /** What a model said of the photo last, which may be before the description there is now. */
  words?: string;
}

export type OnDesk =
  | { step: "empty" }
  | { step: "preparing"; photo: Photo }
  | { step: "sending"; photo: Photo; share: number }
  | { step: "looking"; photo: Photo }
  | ({ step: "answered"; photo: Photo; prediction: PredictResponse } & Since)
  | { step: "stopped"; photo: Photo }
  | { step: "failed"; photo: Photo; error: unknown };

const EMPTY: OnDesk = { step: "empty" };

/** Not a part of the page, so that an answer comes also while one looks at another part of it. */
export class PhotoDesk {
  #now: OnDesk = EMPTY;
  #owner: string | null = null;
  #working: AbortController | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly api: Pick<TravelApi, "predict">,
    private readonly shrink: (photo: Blob) => Promise<Blob | null> = shrinkInBrowser,
  ) {}

  current = (): OnDesk => this.#now;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Put a photo here in place of what there was, and have it named. */
  put(original: Blob, name = "photo"): void {
    this.clear();
    const photo: Photo = { name, original, ready: null, url: URL.createObjectURL(original) };
    if (original.type && !original.type.startsWith("image/")) {
      // Known without sending it: a film of a gigabyte, for one.
      const error = new ApiError(422, "This is no picture.", { code: "image_unreadable" });
      this.#change({ step: "failed", photo, error });
      return;
    }
    void this.#work(photo);
  }

  /** Have the same photo named again. */
  retry(): void {
    if ("photo" in this.#now) void this.#work(this.#now.photo);
  }

  /** Stop what is being done; the photo stays. */
  stop(): void {
    this.#working?.abort();
    if ("photo" in this.#now) this.#change({ step: "stopped", photo: this.#now.photo });
  }

  clear(): void {
    this.#working?.abort();
    this.#working = null;
    if ("photo" in this.#now) URL.revokeObjectURL(this.#now.photo.url);
    if (this.#now !== EMPTY) this.#change(EMPTY);
  }

  /** Keep what has come of an answer with it, unless the answer is gone. */
  add(predictionId: string, since: Since): void {
    const now = this.#now;
    if (now.step !== "answered" || now.prediction.prediction_id !== predictionId) return;
    const { source, description: words } = since.description ?? {};
    this.#change({ ...now, ...since, ...(source === "llava" && words && { words }) });
  }

  /** Take away what somebody else has left here; go on with what their own sign-out stopped. */
  belongTo(userId: string): void {
    if (this.#owner !== null && this.#owner !== userId) this.clear();
    this.#owner = userId;
    const { step } = this.#now;
    if (step === "failed" && this.#now.error instanceof SessionEndedError) this.retry();
  }

  async #work(given: Photo): Promise<void> {
    this.#working?.abort();
    const working = new AbortController();
    this.#working = working;
    const { signal } = working;
    const change = (next: OnDesk) => {
      if (!signal.aborted) this.#change(next);
    };
    let photo = given;
    try {
      change({ step: "preparing", photo });
      photo = await this.#prepare(photo, signal);
      const body = photo.ready ?? photo.original;
      const prediction = await this.api.predict(body, {
        signal,
        onProgress: (share) =>
          change(share < 1 ? { step: "sending", photo, share } : { step: "looking", photo }),
      });
      change({ step: "answered", photo, prediction });
    } catch (error) {
      if (!isAborted(error)) change({ step: "failed", photo, error });
    }
  }

  async #prepare(photo: Photo, signal: AbortSignal): Promise<Photo> {
    if (photo.ready) {
      this.#change({ step: "sending", photo, share: 0 });
      return photo;
    }
    const small = await this.shrink(photo.original);
    signal.throwIfAborted();
    const ready = small ?? photo.original;
    let { url } = photo;
    if (small) {
      // Every browser can show this one, and it takes less memory.
      URL.revokeObjectURL(url);
      url = URL.createObjectURL(small);
    }
    const prepared = { ...photo, ready, url };
    this.#change({ step: "sending", photo: prepared, share: 0 });
    return prepared;
  }

  #change(next: OnDesk): void {
    this.#now = next;
    for (const listener of this.#listeners) listener();
  }
}
