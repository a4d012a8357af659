// The API in the words of this page: a method for each thing it asks for.
import { Channel, readJson } from "./channel";
import type { Outgoing } from "./http";
import type {
  ChangePasswordRequest,
  DeleteAccountRequest,
  DescribeRequest,
  DescribeResponse,
  ExportResponse,
  FeedbackRequest,
  FeedbackResponse,
  HistoryResponse,
  ItinerariesResponse,
  ItineraryChanges,
  ItineraryResponse,
  LandmarksResponse,
  NewItineraryRequest,
  OrderResponse,
  PredictionResponse,
  PredictResponse,
  ProfileChanges,
  ProfileResponse,
  RecommendRequest,
  RecommendResponse,
  ResetConfirmation,
  ResetRequestedResponse,
  SignedInResponse,
  SignInRequest,
  SignUpRequest,
  UploadFormResponse,
} from "./models";
import { at, jsonBody, newKey, photoBody, photoForm } from "./requests";
import type { Session } from "./session";
import { LARGEST_IN_A_REQUEST_BYTES, uploadPhoto } from "./uploads";

/** Something that can be changed only by whoever knows its version. */
export interface Versioned<T> {
  value: T;
  etag: string;
}

export interface Page {
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

/** `near` is "latitude,longitude" in degrees; `country` an ISO 3166-1 code. */
export interface LandmarkQuery extends Page {
  q?: string | undefined;
  country?: string | undefined;
  category?: string | undefined;
  near?: string | undefined;
}

/** At a share of 1 all of the photo has left, and the answer is waited for. */
export type Sending = Pick<Outgoing, "onProgress" | "signal">;

/** A prediction or an upload to describe, or the photo itself, so that a model can look at it. */
export type Described = DescribeRequest | { photo: Blob; prompt?: string | undefined };

export class TravelApi {
  readonly #channel: Channel;

  constructor(
    url: string,
    private readonly session: Session,
  ) {
    this.#channel = new Channel(url, session);
  }

  async signUp(body: SignUpRequest): Promise<void> {
    this.session.keep(await this.#channel.publicly<SignedInResponse>("/auth/signup", body));
  }

  async signIn(body: SignInRequest): Promise<void> {
    this.session.keep(await this.#channel.publicly<SignedInResponse>("/auth/login", body));
  }

  /**
   * Sign out here, or everywhere. Here it is done even if the service cannot be told; everywhere
   * only if it could, and it throws if not.
   */
  async signOut(everywhere = false): Promise<void> {
    const current = this.session.current();
    if (!current) return;
    const body = { refresh_token: current.refresh, everywhere };
    if (everywhere) {
      await this.#channel.publicly("/auth/logout", body);
      this.session.end();
      return;
    }
    this.session.end();
    await this.#channel.publicly("/auth/logout", body).catch(() => {});
  }

  requestReset(email: string): Promise<ResetRequestedResponse> {
    return this.#channel.publicly("/auth/password-reset/request", { email });
  }

  confirmReset(body: ResetConfirmation): Promise<void> {
    return this.#channel.publicly("/auth/password-reset/confirm", body);
  }

  /** Change the password. Every other device is signed out. */
  async changePassword(body: ChangePasswordRequest): Promise<void> {
    this.session.keep(await this.#channel.json<SignedInResponse>("POST", "/auth/password", body));
  }

  /** Name the landmark in a photo; a large one takes the way over an upload. */
  async predict(photo: Blob, sending: Sending = {}): Promise<PredictResponse> {
    if (photo.size > LARGEST_IN_A_REQUEST_BYTES) {
      const body = { upload_key: await this.#upload(photo, sending) };
      return this.#channel.json("POST", "/predict", body, sending.signal);
    }
    return this.#channel.read({
      method: "POST",
      url: "/predict",
      ...photoBody(photo),
      ...sending,
    });
  }

  async describe(what: Described, signal?: AbortSignal): Promise<DescribeResponse> {
    if (!("photo" in what)) return this.#channel.json("POST", "/describe", what, signal);
    const { photo, prompt } = what;
    if (photo.size > LARGEST_IN_A_REQUEST_BYTES) {
      const body: DescribeRequest = { upload_key: await this.#upload(photo, { signal }) };
      if (prompt) body.prompt = prompt;
      return this.#channel.json("POST", "/describe", body, signal);
    }
    const body = prompt ? photoForm(photo, prompt) : photoBody(photo);
    return this.#channel.read({ method: "POST", url: "/describe", ...body, signal });
  }

  giveFeedback(body: FeedbackRequest): Promise<FeedbackResponse> {
    return this.#channel.json("POST", "/feedback", body);
  }

  recommend(body: RecommendRequest, signal?: AbortSignal): Promise<RecommendResponse> {
    return this.#channel.json("POST", "/recommend", body, signal);
  }

  listLandmarks(query: LandmarkQuery = {}, signal?: AbortSignal): Promise<LandmarksResponse> {
    return this.#channel.get("/landmarks", query, signal);
  }

  listPredictions(page: Page = {}, signal?: AbortSignal): Promise<HistoryResponse> {
    return this.#channel.get("/predictions", page, signal);
  }

  showPrediction(id: string, signal?: AbortSignal): Promise<PredictionResponse> {
    return this.#channel.get(at("/predictions", id), {}, signal);
  }

  async deletePrediction(id: string): Promise<void> {
    await this.#channel.send({ method: "DELETE", url: at("/predictions", id) });
  }

  listItineraries(page: Page = {}, signal?: AbortSignal): Promise<ItinerariesResponse> {
    return this.#channel.get("/itinerary", page, signal);
  }

  /** Make a trip. With the same key it may be asked for again without making a second one. */
  createItinerary(
    body: NewItineraryRequest,
    idempotencyKey: string = newKey(),
  ): Promise<ItineraryResponse> {
    const { headers, body: text } = jsonBody(body);
    return this.#channel.read({
      method: "POST",
      url: "/itinerary",
      headers: { ...headers, "idempotency-key": idempotencyKey },
      body: text,
    });
  }

  showItinerary(id: string, signal?: AbortSignal): Promise<Versioned<ItineraryResponse>> {
    return this.#versioned({ method: "GET", url: at("/itinerary", id), signal });
  }

  /** Change a trip; refused with 412 if it has changed since it had this `etag`. */
  changeItinerary(
    id: string,
    etag: string,
    changes: ItineraryChanges,
  ): Promise<Versioned<ItineraryResponse>> {
    const { headers, body } = jsonBody(changes);
    return this.#versioned({
      method: "PATCH",
      url: at("/itinerary", id),
      headers: { ...headers, "if-match": etag },
      body,
    });
  }

  async deleteItinerary(id: string, etag: string): Promise<void> {
    const headers = { "if-match": etag };
    await this.#channel.send({ method: "DELETE", url: at("/itinerary", id), headers });
  }

  suggestOrder(
    id: string,
    from: { day: number; start?: string | undefined },
    signal?: AbortSignal,
  ): Promise<OrderResponse> {
    return this.#channel.get(`${at("/itinerary", id)}/order`, from, signal);
  }

  async saveItinerary(id: string, type: "application/gpx+xml" | "text/calendar"): Promise<Blob> {
    const headers = { accept: type };
    const answer = await this.#channel.send({ method: "GET", url: at("/itinerary", id), headers });
    return answer.blob();
  }

  showProfile(signal?: AbortSignal): Promise<ProfileResponse> {
    return this.#channel.get("/user/profile", {}, signal);
  }

  async changeProfile(body: ProfileChanges): Promise<ProfileResponse> {
    const profile = await this.#channel.json<ProfileResponse>("PATCH", "/user/profile", body);
    this.session.rename(profile.username);
    return profile;
  }

  /** Everything that is kept of the user, all parts in one; tells how many things have come. */
  async exportAccount(
    signal?: AbortSignal,
    onItems?: (items: number) => void,
  ): Promise<Omit<ExportResponse, "next_cursor">> {
    const first = await this.#channel.get<ExportResponse>("/user/export", {}, signal);
    let { next_cursor: cursor, ...whole } = first;
    const tell = () => onItems?.(EXPORTED_LISTS.reduce((sum, list) => sum + whole[list].length, 0));
    tell();
    while (cursor) {
      const part = await this.#channel.get<ExportResponse>("/user/export", { cursor }, signal);
      for (const list of EXPORTED_LISTS) whole[list].push(...part[list]);
      tell();
      cursor = part.next_cursor;
    }
    return whole;
  }

  /** Delete the account and all that is kept of the user, and sign out. */
  async deleteAccount(body: DeleteAccountRequest): Promise<void> {
    await this.#channel.send({ method: "DELETE", url: "/user/profile", ...jsonBody(body) });
    this.session.end({ farewell: "Your account is deleted, with everything that was in it." });
  }

  async #upload(photo: Blob, sending: Sending): Promise<string> {
    const { signal } = sending;
    const form = { method: "POST", url: "/uploads", signal };
    return uploadPhoto(await this.#channel.read<UploadFormResponse>(form), photo, sending);
  }

  async #versioned(outgoing: Outgoing): Promise<Versioned<ItineraryResponse>> {
    const answer = await this.#channel.send(outgoing);
    const value = await readJson<ItineraryResponse>(answer);
    return { value, etag: answer.headers.get("etag") ?? value.etag };
  }
}

const EXPORTED_LISTS = [
  "predictions",
  "itineraries",
  "sessions",
  "usage",
  "requests",
] as const satisfies (keyof ExportResponse)[];
