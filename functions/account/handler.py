"""Routes of `account`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from account.deletion import Deletions
from account.export import read_part
from account.history import History
from account.itineraries import Itineraries
from account.itinerary_models import (
    ItinerariesQuery,
    ItinerariesResponse,
    ItineraryChanges,
    ItineraryResponse,
    NewItineraryRequest,
    OrderQuery,
    OrderResponse,
)
from account.models import (
    DeleteAccountRequest,
    ExportQuery,
    ExportResponse,
    FeedbackRequest,
    FeedbackResponse,
    HistoryQuery,
    HistoryResponse,
    PredictionResponse,
    ProfileChanges,
    ProfileResponse,
)
from account.planner import Planner
from account.presentation import MEDIA_TYPES, as_accepted, as_json
from account.settings import AccountSettings
from common.clients import client, prepare_on_lambda
from common.cursors import Cursors
from common.errors import (
    AccountNotFound,
    IdempotencyKeyReused,
    ItineraryNotFound,
    NotAcceptable,
    NotAuthenticated,
    NothingToSchedule,
    PreconditionFailed,
    PreconditionRequired,
    PredictionNotFound,
    RequestInProgress,
    TooManyAttempts,
    TooManyItineraries,
    Unavailable,
    UsernameTaken,
    WrongPassword,
)
from common.http import HttpApi, Reply, Request
from common.limits import Attempts, passwords_per_email
from common.observability import load_tracer
from common.predictions import Predictions
from common.settings import read_settings
from common.table import DynamoTable
from common.users import Users

settings = read_settings(AccountSettings)
table = DynamoTable(settings.table_name)
cursors = Cursors(settings.table_name)
users = Users(table)
deletions = Deletions(
    table, users, Attempts(table), passwords_per_email(settings.passwords_per_email)
)
history = History(Predictions(table), cursors)
planner = Planner(table, Itineraries(table), cursors)
api = HttpApi()

# What every route of this function can answer: all want a signed-in user and the table.
USUAL = (NotAuthenticated, Unavailable)
CONDITIONAL = (ItineraryNotFound, PreconditionRequired, PreconditionFailed, *USUAL)


@api.route("GET", "/user/profile", response=ProfileResponse, errors=(AccountNotFound, *USUAL))
def show_profile(request: Request) -> ProfileResponse:
    """Show the signed-in user's account.

    404 means that the token is genuine, but that its account has been deleted.
    """
    profile = users.find_profile(request.user_id)
    if profile is None:
        raise AccountNotFound
    return ProfileResponse(**asdict(profile))


@api.route(
    "PATCH",
    "/user/profile",
    body=ProfileChanges,
    response=ProfileResponse,
    errors=(AccountNotFound, UsernameTaken, *USUAL),
)
def change_profile(request: Request, body: ProfileChanges) -> ProfileResponse:
    """Change the username.

    The old name is free for others at once. Access tokens carry it until they expire.
    """
    return ProfileResponse(**asdict(users.rename(request.user_id, body.username)))


@api.route(
    "DELETE",
    "/user/profile",
    body=DeleteAccountRequest,
    status=204,
    errors=(AccountNotFound, WrongPassword, TooManyAttempts, *USUAL),
)
def delete_account(request: Request, body: DeleteAccountRequest) -> None:
    """Delete the account and everything that is kept of the user. It cannot be undone.

    204 means that all of it is gone. After a 503 the account is gone as well, but not all of its
    data: the same request removes the rest.
    """
    deletions.delete(request.user_id, body.password)


@api.route(
    "GET",
    "/user/export",
    query=ExportQuery,
    response=ExportResponse,
    errors=(AccountNotFound, *USUAL),
)
def export_account(request: Request, query: ExportQuery) -> ExportResponse:
    """Export everything that is kept of the user.

    Most accounts fit into one answer. Where `next_cursor` is not null, the next call with it as
    `cursor` gives the next part, until it is. Hashes of the password and of tokens are left out.
    """
    user_id = request.user_id
    profile = users.find_profile(user_id)
    if profile is None:
        raise AccountNotFound
    after = None if query.cursor is None else cursors.open(query.cursor, "export", user_id)
    part = asdict(read_part(table, user_id, after))
    rest = part.pop("after")
    return ExportResponse(
        exported_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        profile=ProfileResponse(**asdict(profile)),
        **part,
        next_cursor=None if rest is None else cursors.seal(rest, "export", user_id),
    )


@api.route("GET", "/predictions", query=HistoryQuery, response=HistoryResponse, errors=USUAL)
def list_predictions(request: Request, query: HistoryQuery) -> HistoryResponse:
    """List the user's predictions, newest first, in pages.

    `limit` is from 1 to 100; `since` and `until` (ISO 8601 with a zone) leave out what was made
    before or after; `cursor` goes on with the same filters.
    """
    return history.page(request.user_id, query)


@api.route(
    "GET",
    "/predictions/{prediction_id}",
    response=PredictionResponse,
    errors=(PredictionNotFound, *USUAL),
)
def show_prediction(request: Request, prediction_id: str) -> PredictionResponse:
    """Show one of the user's predictions, with its feedback."""
    return history.show(request.user_id, prediction_id)


@api.route(
    "DELETE",
    "/predictions/{prediction_id}",
    status=204,
    errors=(PredictionNotFound, AccountNotFound, *USUAL),
)
def delete_prediction(request: Request, prediction_id: str) -> None:
    """Delete one of the user's predictions, with its feedback."""
    history.delete(request.user_id, prediction_id)


@api.route(
    "POST",
    "/feedback",
    body=FeedbackRequest,
    response=FeedbackResponse,
    errors=(PredictionNotFound, *USUAL),
)
def give_feedback(request: Request, body: FeedbackRequest) -> FeedbackResponse:
    """Say whether a prediction was right and, if not, what the photo shows.

    It is kept with the prediction, in place of earlier feedback, and helps to train the model:
    the photo's hash, the names and the time are used for that, the comment is not.
    """
    return history.give_feedback(request.user_id, body)


@api.route(
    "POST",
    "/itinerary",
    body=NewItineraryRequest,
    request_headers=("idempotency-key",),
    response=ItineraryResponse,
    response_headers=("etag", "location"),
    status=201,
    errors=(
        AccountNotFound,
        TooManyItineraries,
        IdempotencyKeyReused,
        RequestInProgress,
        ItineraryNotFound,
        *USUAL,
    ),
)
def create_itinerary(request: Request, body: NewItineraryRequest) -> Reply:
    """Store a new itinerary.

    With an `Idempotency-Key` (any text that is new for each itinerary) the request may be sent
    again for a day without making a second one: the answer is the itinerary as it is by then.
    """
    key = request.headers.get("idempotency-key")
    itinerary = planner.create(request.user_id, body, key)
    return as_json(itinerary, status=201, location=f"/itinerary/{itinerary.itinerary_id}")


@api.route("GET", "/itinerary", query=ItinerariesQuery, response=ItinerariesResponse, errors=USUAL)
def list_itineraries(request: Request, query: ItinerariesQuery) -> ItinerariesResponse:
    """List the user's itineraries, newest first, in pages of up to 50."""
    return planner.page(request.user_id, query)


@api.route(
    "GET",
    "/itinerary/{itinerary_id}",
    response=ItineraryResponse,
    produces=MEDIA_TYPES,
    response_headers=("etag", "content-disposition"),
    errors=(ItineraryNotFound, NotAcceptable, NothingToSchedule, *USUAL),
)
def show_itinerary(request: Request, itinerary_id: str) -> Reply:
    """Show one itinerary, or get it for a map, a navigator or a calendar.

    The `Accept` header chooses: application/json, application/geo+json, application/gpx+xml or
    text/calendar. The `ETag` of the answer is what a change sends as `If-Match`.
    """
    itinerary = planner.show(request.user_id, itinerary_id)
    return as_accepted(itinerary, request.headers.get("accept"))


@api.route(
    "PATCH",
    "/itinerary/{itinerary_id}",
    body=ItineraryChanges,
    request_headers=("if-match",),
    response=ItineraryResponse,
    response_headers=("etag",),
    errors=CONDITIONAL,
)
def change_itinerary(request: Request, body: ItineraryChanges, itinerary_id: str) -> Reply:
    """Change an itinerary: its name, first day or note, or its whole list of stops.

    `If-Match` has to hold the `ETag` of what is being changed. If somebody has changed it since,
    nothing happens and the answer is 412: read it again and repeat the change.
    """
    if_match = request.headers.get("if-match")
    return as_json(planner.change(request.user_id, itinerary_id, if_match, body))


@api.route(
    "DELETE",
    "/itinerary/{itinerary_id}",
    request_headers=("if-match",),
    status=204,
    errors=CONDITIONAL,
)
def delete_itinerary(request: Request, itinerary_id: str) -> None:
    """Delete an itinerary. `If-Match` has to hold its `ETag`, as for a change."""
    planner.delete(request.user_id, itinerary_id, request.headers.get("if-match"))


@api.route(
    "GET",
    "/itinerary/{itinerary_id}/order",
    query=OrderQuery,
    response=OrderResponse,
    errors=(ItineraryNotFound, *USUAL),
)
def suggest_order(request: Request, query: OrderQuery, itinerary_id: str) -> OrderResponse:
    """Suggest in which order to visit the stops of a day: a short walk as the crow flies.

    `day` says which; with `start` (a `stop_id`) the walk begins there. Up to twelve stops no order
    is shorter. Nothing is changed: to take it over, send the stops in this order with PATCH.
    """
    return planner.order(request.user_id, itinerary_id, query)


handle = api.handle
prepare_on_lambda(load_tracer, lambda: client("dynamodb"))
