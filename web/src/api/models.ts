// What the API takes and gives. Written by `make openapi`; do not edit.

/** An answer for each of `images`, in their order. */
export interface BatchResponse {
  results: (PredictResponse | FailedImage)[];
}

/** The password there is, and the one there shall be. */
export interface ChangePasswordRequest {
  current_password: string;
  new_password: string;
}

/** The classifier that names landmarks, and the figures of its evaluation. */
export interface ClassifierInfo {
  model_version: string;
  arch: string;
  image_size: number;
  classes: number;
  metrics: Record<string, JsonValue>;
}

/** The password, so that a token that was left or stolen somewhere cannot delete an account. */
export interface DeleteAccountRequest {
  password: string;
}

/** A photo (in base64, as a data URI, uploaded), or a prediction made of one; what to say of it.
 *
 * Of a prediction no photo is kept, so that a model cannot be asked about it any more: the
 * answer is what a model said of the same photo before, or what the prediction itself tells. */
export interface DescribeRequest {
  image?: string | null;
  upload_key?: string | null;
  prediction_id?: string | null;
  prompt?: string | null;
}

/** A photo in words. `model` names who wrote them; `reason` says why they are local. */
export interface DescribeResponse {
  description: string;
  source: "llava" | "local";
  model: string;
  cached: boolean;
  reason: Reason | null;
  quota: Quota;
}

/** Everything that is kept of a user, or a part of it: `next_cursor` asks for the rest.
 *
 * Lists hold items as they are stored, without what only proves a secret (hashes of tokens). */
export interface ExportResponse {
  exported_at: string;
  profile: ProfileResponse;
  predictions: (Record<string, unknown>)[];
  itineraries: (Record<string, unknown>)[];
  sessions: (Record<string, unknown>)[];
  usage: (Record<string, unknown>)[];
  requests: (Record<string, unknown>)[];
  next_cursor: string | null;
}

/** What was wrong with one image of several: the members of a problem (RFC 9457). */
export interface FailedImage {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
}

/** Whether a prediction was right and, if not, which landmark the photo shows.
 *
 * `landmark` may be an id or a name in any words: it is compared with the candidates of the
 * prediction, and looked up in the catalogue when somebody trains with it. */
export interface FeedbackRequest {
  prediction_id: string;
  correct: boolean;
  landmark?: string | null;
  comment?: string | null;
}

/** What the user said to a prediction; `landmark` is the right one, as they named it. */
export interface FeedbackResponse {
  correct: boolean;
  landmark: string | null;
  comment: string | null;
  given_at: string;
}

/** `timestamp` is ISO 8601 in UTC. */
export interface HealthResponse {
  status?: "healthy";
  timestamp: string;
}

/** A page of predictions, newest first; `next_cursor` is null on the last. */
export interface HistoryResponse {
  predictions: (PredictionResponse)[];
  next_cursor: string | null;
}

/** `landmarks` is the size of the catalogue; the classifier names `classes` of them. */
export interface InfoResponse {
  name: string;
  version: string;
  environment: string;
  models: ModelsInfo;
  landmarks: number;
}

/** A page of itineraries, newest first; `next_cursor` is null on the last. */
export interface ItinerariesResponse {
  itineraries: (ItinerarySummary)[];
  next_cursor: string | null;
}

/** What to change; what is left out stays, null removes.
 *
 * `stops` is the whole new list: to add, reorder, change or remove stops, send the list as it
 * shall be, with the `stop_id` of those that stay. */
export interface ItineraryChanges {
  name?: string | null;
  starts_on?: string | null;
  note?: string | null;
  stops?: (StopRequest)[] | null;
}

/** An itinerary; `etag` is also the header, and goes back as `If-Match` to change it. */
export interface ItineraryResponse {
  itinerary_id: string;
  etag: string;
  name: string;
  starts_on: string | null;
  note: string | null;
  stops: (StopResponse)[];
  created_at: string;
  updated_at: string;
}

/** An itinerary in a list. `day_count` is the last day that has a stop. */
export interface ItinerarySummary {
  itinerary_id: string;
  etag: string;
  name: string;
  starts_on: string | null;
  stop_count: number;
  day_count: number;
  created_at: string;
  updated_at: string;
}

export type JsonValue = unknown;

/** One landmark of the catalogue; coordinates in degrees, popularity from 1 to 100. */
export interface LandmarkResponse {
  landmark_id: string;
  landmark: string;
  aliases: (string)[];
  country: string;
  city: string;
  latitude: number;
  longitude: number;
  categories: (string)[];
  unesco: boolean;
  popularity: number;
  description: string;
}

/** One page of landmarks. Send `cursor` for the next; null means that this was the last. */
export interface LandmarksResponse {
  landmarks: (ListedLandmark)[];
  total: number;
  cursor: string | null;
}

/** A landmark in a list; `distance_km` from `near`, where that was sent. */
export interface ListedLandmark {
  landmark_id: string;
  landmark: string;
  aliases: (string)[];
  country: string;
  city: string;
  latitude: number;
  longitude: number;
  categories: (string)[];
  unesco: boolean;
  popularity: number;
  description: string;
  distance_km: number | null;
}

/** The models in service; null where none is deployed. */
export interface ModelsInfo {
  classifier: ClassifierInfo | null;
  text_encoder: TextEncoderInfo | null;
}

/** A new itinerary. Stops are in the order to visit them; day 1 is `starts_on`. */
export interface NewItineraryRequest {
  name: string;
  starts_on?: string | null;
  note?: string | null;
  stops?: (StopRequest)[];
}

/** A suggested order for a day's stops; nothing is changed until it is sent with PATCH.
 *
 * `distance_km` is along it as the crow flies, `current_distance_km` along the order now;
 * `exact` tells that no order is shorter. */
export interface OrderResponse {
  day: number;
  stop_ids: (string)[];
  distance_km: number;
  current_distance_km: number;
  exact: boolean;
}

/** One answer for one photo; `results` for `images`. */
export type PredictAnswer = PredictResponse | BatchResponse;

/** One photo, several, or one that was uploaded.
 *
 * Photos are in standard base64, or `data:image/...;base64,` URIs. `top_k` is for each. */
export interface PredictRequest {
  image?: string | null;
  images?: (string)[] | null;
  upload_key?: string | null;
  top_k?: number;
}

/** `landmark` is null where `recognised` is false: the photo shows no landmark we know. */
export interface PredictResponse {
  prediction_id: string;
  landmark: string | null;
  recognised: boolean;
  confidence_level: "high" | "medium" | "low";
  predictions: (RankedLandmark)[];
  scene: (SceneTag)[];
  model_version: string;
  cached: boolean;
  latency_ms: number;
}

/** A prediction as it was made, with the feedback it got. `created_at` is ISO 8601 in UTC. */
export interface PredictionResponse {
  prediction_id: string;
  created_at: string;
  landmark?: string | null;
  recognised: boolean;
  confidence_level: "high" | "medium" | "low";
  predictions: (RankedLandmark)[];
  scene: (SceneTag)[];
  model_version: string;
  image_sha256: string;
  feedback?: FeedbackResponse | null;
}

/** What to change of an account. */
export interface ProfileChanges {
  username: string;
}

/** An account as its owner sees it. `created_at` is ISO 8601 in UTC. */
export interface ProfileResponse {
  user_id: string;
  email: string;
  username: string;
  created_at: string;
  itinerary_count: number;
  prediction_count: number;
}

/** Calls of the remote model that the user may still cause this month.
 *
 * `remaining` is the smaller of what is left of the user's share and of everybody's; null where
 * it could not be read. `resets_at` is the first moment of the next month, in UTC. */
export interface Quota {
  limit: number;
  remaining: number | null;
  resets_at: string;
}

/** A landmark that the photo may show; `confidence` is a calibrated probability.
 *
 * `country` is an ISO 3166-1 code, coordinates are in degrees (WGS 84); all null where the
 * catalogue does not know the place. */
export interface RankedLandmark {
  landmark_id: string;
  landmark: string;
  confidence: number;
  country: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
}

/** Why an answer is local. Users see these: they are stable. */
export type Reason = "no_token" | "budget_spent" | "share_spent" | "too_busy" | "model_unavailable" | "model_too_slow" | "storage_busy" | "photo_not_kept";

/** What the traveller visits, sees or looks for, and where they are.
 *
 * At least one of: places of the itinerary, a description, a prediction, a position.
 * `max_distance_km` is to the nearest of the places and the position; null means anywhere. */
export interface RecommendRequest {
  itinerary_landmarks?: (string)[];
  llava_description?: string | null;
  prediction_id?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  max_distance_km?: number | null;
  top_k?: number;
}

/** Places, best first. `nearby`: within the distance asked for; `global`: anywhere. */
export interface RecommendResponse {
  recommendations: (Recommendation)[];
  search_mode: "nearby" | "global";
  unresolved: (UnresolvedName)[];
}

/** A place worth going to, and why.
 *
 * `distance_km` is along the surface, to `closest_itinerary_landmark`, or to the position sent
 * where that is null; null where the request named no place. `similarity` to what was described
 * is a cosine; `score` combines it with distance and popularity. */
export interface Recommendation {
  landmark_id: string;
  landmark: string;
  country: string;
  city: string;
  latitude: number;
  longitude: number;
  distance_km: number | null;
  closest_itinerary_landmark: string | null;
  similarity: number | null;
  score: number;
  reason: string;
  description: string;
  categories: (string)[];
}

/** The current refresh token of a session. */
export interface RefreshRequest {
  refresh_token: string;
}

/** The token from the mail, and the new password. */
export interface ResetConfirmation {
  token: string;
  password: string;
}

/** The address of the account whose password is forgotten. */
export interface ResetRequest {
  email: string;
}

/** What is said of any address. */
export interface ResetRequestedResponse {
  message?: string;
}

/** A thing that the photo shows, one of ImageNet's thousand. */
export interface SceneTag {
  label: string;
  confidence: number;
}

/** An existing account. */
export interface SignInRequest {
  email: string;
  password: string;
}

/** A refresh token of the session to end; `everywhere` ends every session of its user. */
export interface SignOutRequest {
  refresh_token: string;
  everywhere?: boolean;
}

/** A new account. */
export interface SignUpRequest {
  email: string;
  username: string;
  password: string;
}

/** A signed-in user and the tokens to go on with. `expires_in` is in seconds. */
export interface SignedInResponse {
  user_id: string;
  username: string;
  access_token: string;
  refresh_token: string;
  token_type?: "bearer";
  expires_in: number;
}

/** A place to stop at: a landmark with its `landmark_id`, or any other place.
 *
 * Name and coordinates are as /predict, /recommend or /landmarks gave them, or the traveller's
 * own. Days count from 1. `stop_id` is sent only for stops that the itinerary has already. */
export interface StopRequest {
  stop_id?: string | null;
  day?: number;
  name: string;
  latitude: number;
  longitude: number;
  landmark_id?: string | null;
  note?: string | null;
}

/** A stop; `date` is its day's, where the itinerary has dates. */
export interface StopResponse {
  stop_id: string;
  day: number;
  date: string | null;
  name: string;
  latitude: number;
  longitude: number;
  landmark_id: string | null;
  note: string | null;
}

/** What turns descriptions into vectors, and how well those find landmarks. */
export interface TextEncoderInfo {
  name: string;
  dimension: number;
  metrics: Record<string, JsonValue>;
}

/** A name of the itinerary that no landmark has, and what it may have meant. */
export interface UnresolvedName {
  name: string;
  suggestions: (string)[];
}

/** A form that takes one photo to the bucket.
 *
 * Post it to `url` as `multipart/form-data` within `expires_in` seconds: all `fields`, then the
 * photo of up to `max_bytes` as `file`, the last field. `Content-Type` may be any `image/` type.
 * Then send `upload_key` instead of an image; it is good for a day. */
export interface UploadFormResponse {
  upload_key: string;
  url: string;
  fields: Record<string, string>;
  expires_in: number;
  max_bytes: number;
}

/** What went wrong (RFC 9457). `code` is stable: clients may branch on it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: (FieldError)[];
}

/** One field of a request that cannot be used: its dotted path, and what would be right. */
export interface FieldError {
  field: string;
  message: string;
}

/** An answer of the gateway, which the request did not get past. */
export interface GatewayMessage {
  message: string | null;
}
