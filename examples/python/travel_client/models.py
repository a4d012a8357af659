"""What the API takes and gives. Written by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class BatchResponse(TypedDict):
    """An answer for each of `images`, in their order."""

    results: list[PredictResponse | FailedImage]


class ChangePasswordRequest(TypedDict):
    """The password there is, and the one there shall be."""

    current_password: str
    new_password: str


class ClassifierInfo(TypedDict):
    """The classifier that names landmarks, and the figures of its evaluation."""

    model_version: str
    arch: str
    image_size: int
    classes: int
    metrics: dict[str, JsonValue]


class DeleteAccountRequest(TypedDict):
    """The password, so that a token that was left or stolen somewhere cannot delete an account."""

    password: str


class DescribeRequest(TypedDict):
    """A photo (in base64, as a data URI, uploaded), or a prediction made of one; what to say of it.

    Of a prediction no photo is kept, so that a model cannot be asked about it any more: the
    answer is what a model said of the same photo before, or what the prediction itself tells.
    """

    image: NotRequired[str | None]
    upload_key: NotRequired[str | None]
    prediction_id: NotRequired[str | None]
    prompt: NotRequired[str | None]


class DescribeResponse(TypedDict):
    """A photo in words. `model` names who wrote them; `reason` says why they are local."""

    description: str
    source: Literal["llava", "local"]
    model: str
    cached: bool
    reason: Reason | None
    quota: Quota


class ExportResponse(TypedDict):
    """Everything that is kept of a user, or a part of it: `next_cursor` asks for the rest.

    Lists hold items as they are stored, without what only proves a secret (hashes of tokens).
    """

    exported_at: str
    profile: ProfileResponse
    predictions: list[dict[str, Any]]
    itineraries: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    usage: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    next_cursor: str | None


class FailedImage(TypedDict):
    """What was wrong with one image of several: the members of a problem (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class FeedbackRequest(TypedDict):
    """Whether a prediction was right and, if not, which landmark the photo shows.

    `landmark` may be an id or a name in any words: it is compared with the candidates of the
    prediction, and looked up in the catalogue when somebody trains with it.
    """

    prediction_id: str
    correct: bool
    landmark: NotRequired[str | None]
    comment: NotRequired[str | None]


class FeedbackResponse(TypedDict):
    """What the user said to a prediction; `landmark` is the right one, as they named it."""

    correct: bool
    landmark: str | None
    comment: str | None
    given_at: str


class HealthResponse(TypedDict):
    """`timestamp` is ISO 8601 in UTC."""

    status: NotRequired[Literal["healthy"]]
    timestamp: str


class HistoryResponse(TypedDict):
    """A page of predictions, newest first; `next_cursor` is null on the last."""

    predictions: list[PredictionResponse]
    next_cursor: str | None


class InfoResponse(TypedDict):
    """`landmarks` is the size of the catalogue; the classifier names `classes` of them."""

    name: str
    version: str
    environment: str
    models: ModelsInfo
    landmarks: int


class ItinerariesResponse(TypedDict):
    """A page of itineraries, newest first; `next_cursor` is null on the last."""

    itineraries: list[ItinerarySummary]
    next_cursor: str | None


class ItineraryChanges(TypedDict):
    """What to change; what is left out stays, null removes.

    `stops` is the whole new list: to add, reorder, change or remove stops, send the list as it
    shall be, with the `stop_id` of those that stay.
    """

    name: NotRequired[str | None]
    starts_on: NotRequired[str | None]
    note: NotRequired[str | None]
    stops: NotRequired[list[StopRequest] | None]


class ItineraryResponse(TypedDict):
    """An itinerary; `etag` is also the header, and goes back as `If-Match` to change it."""

    itinerary_id: str
    etag: str
    name: str
    starts_on: str | None
    note: str | None
    stops: list[StopResponse]
    created_at: str
    updated_at: str


class ItinerarySummary(TypedDict):
    """An itinerary in a list. `day_count` is the last day that has a stop."""

    itinerary_id: str
    etag: str
    name: str
    starts_on: str | None
    stop_count: int
    day_count: int
    created_at: str
    updated_at: str


class LandmarkResponse(TypedDict):
    """One landmark of the catalogue; coordinates in degrees, popularity from 1 to 100."""

    landmark_id: str
    landmark: str
    aliases: list[str]
    country: str
    city: str
    latitude: float
    longitude: float
    categories: list[str]
    unesco: bool
    popularity: int
    description: str


class LandmarksResponse(TypedDict):
    """One page of landmarks. Send `cursor` for the next; null means that this was the last."""

    landmarks: list[ListedLandmark]
    total: int
    cursor: str | None


class ListedLandmark(TypedDict):
    """A landmark in a list; `distance_km` from `near`, where that was sent."""

    landmark_id: str
    landmark: str
    aliases: list[str]
    country: str
    city: str
    latitude: float
    longitude: float
    categories: list[str]
    unesco: bool
    popularity: int
    description: str
    distance_km: float | None


class ModelsInfo(TypedDict):
    """The models in service; null where none is deployed."""

    classifier: ClassifierInfo | None
    text_encoder: TextEncoderInfo | None


class NewItineraryRequest(TypedDict):
    """A new itinerary. Stops are in the order to visit them; day 1 is `starts_on`."""

    name: str
    starts_on: NotRequired[str | None]
    note: NotRequired[str | None]
    stops: NotRequired[list[StopRequest]]


class OrderResponse(TypedDict):
    """A suggested order for a day's stops; nothing is changed until it is sent with PATCH.

    `distance_km` is along it as the crow flies, `current_distance_km` along the order now;
    `exact` tells that no order is shorter.
    """

    day: int
    stop_ids: list[str]
    distance_km: float
    current_distance_km: float
    exact: bool


class PredictRequest(TypedDict):
    """One photo, several, or one that was uploaded.

    Photos are in standard base64, or `data:image/...;base64,` URIs. `top_k` is for each.
    """

    image: NotRequired[str | None]
    images: NotRequired[list[str] | None]
    upload_key: NotRequired[str | None]
    top_k: NotRequired[int]


class PredictResponse(TypedDict):
    """`landmark` is null where `recognised` is false: the photo shows no landmark we know."""

    prediction_id: str
    landmark: str | None
    recognised: bool
    confidence_level: Literal["high", "medium", "low"]
    predictions: list[RankedLandmark]
    scene: list[SceneTag]
    model_version: str
    cached: bool
    latency_ms: float


class PredictionResponse(TypedDict):
    """A prediction as it was made, with the feedback it got. `created_at` is ISO 8601 in UTC."""

    prediction_id: str
    created_at: str
    landmark: NotRequired[str | None]
    recognised: bool
    confidence_level: Literal["high", "medium", "low"]
    predictions: list[RankedLandmark]
    scene: list[SceneTag]
    model_version: str
    image_sha256: str
    feedback: NotRequired[FeedbackResponse | None]


class ProfileChanges(TypedDict):
    """What to change of an account."""

    username: str


class ProfileResponse(TypedDict):
    """An account as its owner sees it. `created_at` is ISO 8601 in UTC."""

    user_id: str
    email: str
    username: str
    created_at: str
    itinerary_count: int
    prediction_count: int


class Quota(TypedDict):
    """Calls of the remote model that the user may still cause this month.

    `remaining` is the smaller of what is left of the user's share and of everybody's; null where
    it could not be read. `resets_at` is the first moment of the next month, in UTC.
    """

    limit: int
    remaining: int | None
    resets_at: str


class RankedLandmark(TypedDict):
    """A landmark that the photo may show; `confidence` is a calibrated probability.

    `country` is an ISO 3166-1 code, coordinates are in degrees (WGS 84); all null where the
    catalogue does not know the place.
    """

    landmark_id: str
    landmark: str
    confidence: float
    country: str | None
    city: str | None
    latitude: float | None
    longitude: float | None


class RecommendRequest(TypedDict):
    """What the traveller visits, sees or looks for, and where they are.

    At least one of: places of the itinerary, a description, a prediction, a position.
    `max_distance_km` is to the nearest of the places and the position; null means anywhere.
    """

    itinerary_landmarks: NotRequired[list[str]]
    llava_description: NotRequired[str | None]
    prediction_id: NotRequired[str | None]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    max_distance_km: NotRequired[float | None]
    top_k: NotRequired[int]


class RecommendResponse(TypedDict):
    """Places, best first. `nearby`: within the distance asked for; `global`: anywhere."""

    recommendations: list[Recommendation]
    search_mode: Literal["nearby", "global"]
    unresolved: list[UnresolvedName]


class Recommendation(TypedDict):
    """A place worth going to, and why.

    `distance_km` is along the surface, to `closest_itinerary_landmark`, or to the position sent
    where that is null; null where the request named no place. `similarity` to what was described
    is a cosine; `score` combines it with distance and popularity.
    """

    landmark_id: str
    landmark: str
    country: str
    city: str
    latitude: float
    longitude: float
    distance_km: float | None
    closest_itinerary_landmark: str | None
    similarity: float | None
    score: float
    reason: str
    description: str
    categories: list[str]


class RefreshRequest(TypedDict):
    """The current refresh token of a session."""

    refresh_token: str


class ResetConfirmation(TypedDict):
    """The token from the mail, and the new password."""

    token: str
    password: str


class ResetRequest(TypedDict):
    """The address of the account whose password is forgotten."""

    email: str


class ResetRequestedResponse(TypedDict):
    """What is said of any address."""

    message: NotRequired[str]


class SceneTag(TypedDict):
    """A thing that the photo shows, one of ImageNet's thousand."""

    label: str
    confidence: float


class SignInRequest(TypedDict):
    """An existing account."""

    email: str
    password: str


class SignOutRequest(TypedDict):
    """A refresh token of the session to end; `everywhere` ends every session of its user."""

    refresh_token: str
    everywhere: NotRequired[bool]


class SignUpRequest(TypedDict):
    """A new account."""

    email: str
    username: str
    password: str


class SignedInResponse(TypedDict):
    """A signed-in user and the tokens to go on with. `expires_in` is in seconds."""

    user_id: str
    username: str
    access_token: str
    refresh_token: str
    token_type: NotRequired[Literal["bearer"]]
    expires_in: int


class StopRequest(TypedDict):
    """A place to stop at: a landmark with its `landmark_id`, or any other place.

    Name and coordinates are as /predict, /recommend or /landmarks gave them, or the traveller's
    own. Days count from 1. `stop_id` is sent only for stops that the itinerary has already.
    """

    stop_id: NotRequired[str | None]
    day: NotRequired[int]
    name: str
    latitude: float
    longitude: float
    landmark_id: NotRequired[str | None]
    note: NotRequired[str | None]


class StopResponse(TypedDict):
    """A stop; `date` is its day's, where the itinerary has dates."""

    stop_id: str
    day: int
    date: str | None
    name: str
    latitude: float
    longitude: float
    landmark_id: str | None
    note: str | None


class TextEncoderInfo(TypedDict):
    """What turns descriptions into vectors, and how well those find landmarks."""

    name: str
    dimension: int
    metrics: dict[str, JsonValue]


class UnresolvedName(TypedDict):
    """A name of the itinerary that no landmark has, and what it may have meant."""

    name: str
    suggestions: list[str]


class UploadFormResponse(TypedDict):
    """A form that takes one photo to the bucket.

    Post it to `url` as `multipart/form-data` within `expires_in` seconds: all `fields`, then the
    photo of up to `max_bytes` as `file`, the last field. `Content-Type` may be any `image/` type.
    Then send `upload_key` instead of an image; it is good for a day.
    """

    upload_key: str
    url: str
    fields: dict[str, str]
    expires_in: int
    max_bytes: int


class Problem(TypedDict):
    """What went wrong (RFC 9457). `code` is stable: clients may branch on it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: NotRequired[list[FieldError]]


class FieldError(TypedDict):
    """One field of a request that cannot be used: its dotted path, and what would be right."""

    field: str
    message: str


class GatewayMessage(TypedDict):
    """An answer of the gateway, which the request did not get past."""

    message: str | None


JsonValue = Any
PredictAnswer = PredictResponse | BatchResponse
Reason = Literal[
    "no_token",
    "budget_spent",
    "share_spent",
    "too_busy",
    "model_unavailable",
    "model_too_slow",
    "storage_busy",
    "photo_not_kept",
]
