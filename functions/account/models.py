"""What the routes of the profile, the history and feedback read and write."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from account.text import Name, Note
from common.identity import normalise_username
from common.identity_schemas import USERNAME_IN_JSON
from common.models import QueryModel, RequestModel, ResponseModel
from common.prediction_models import RankedLandmark, SceneTag

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
# A password that can be right has 72 bytes at most; anything longer is only compared with care.
MAX_PASSWORD_CHARACTERS = 1_024


def _iso_moment(text: object) -> object:
    """Read ISO 8601 alone; pydantic would take a number for seconds since 1970 as well."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        message = "Send a time with its zone, as in 2026-05-01T10:00:00Z."
        raise ValueError(message) from None


Moment = Annotated[AwareDatetime, BeforeValidator(_iso_moment)]
Username = Annotated[str, AfterValidator(normalise_username), USERNAME_IN_JSON]


class ProfileResponse(ResponseModel):
    """An account as its owner sees it. `created_at` is ISO 8601 in UTC."""

    user_id: str
    email: str
    username: str
    created_at: str
    itinerary_count: int
    prediction_count: int


class ProfileChanges(RequestModel):
    """What to change of an account."""

    username: Username


class DeleteAccountRequest(RequestModel):
    """The password, so that a token that was left or stolen somewhere cannot delete an account."""

    password: Annotated[str, Field(min_length=1, max_length=MAX_PASSWORD_CHARACTERS)]


class ExportQuery(QueryModel):
    """Where an export goes on."""

    cursor: str | None = None


class ExportResponse(ResponseModel):
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


class HistoryQuery(QueryModel):
    """Which predictions: made from `since` to `until` (ISO 8601 with a zone; both optional)."""

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = None
    since: Moment | None = None
    until: Moment | None = None


class FeedbackResponse(ResponseModel):
    """What the user said to a prediction; `landmark` is the right one, as they named it."""

    correct: bool
    landmark: str | None
    comment: str | None
    given_at: str


class FeedbackRequest(RequestModel):
    """Whether a prediction was right and, if not, which landmark the photo shows.

    `landmark` may be an id or a name in any words: it is compared with the candidates of the
    prediction, and looked up in the catalogue when somebody trains with it.
    """

    prediction_id: Annotated[str, Field(max_length=64)]
    correct: bool
    landmark: Name | None = None
    comment: Note | None = None

    @model_validator(mode="after")
    def _names_another_only_if_wrong(self) -> FeedbackRequest:
        if self.correct and self.landmark is not None:
            message = "Leave landmark out when the prediction was right."
            raise ValueError(message)
        return self


class PredictionResponse(ResponseModel):
    """A prediction as it was made, with the feedback it got. `created_at` is ISO 8601 in UTC."""

    model_config = ConfigDict(protected_namespaces=())

    prediction_id: str
    created_at: str
    landmark: str | None = None
    recognised: bool
    confidence_level: Literal["high", "medium", "low"]
    predictions: list[RankedLandmark]
    scene: list[SceneTag]
    model_version: str
    image_sha256: str
    feedback: FeedbackResponse | None = None


class HistoryResponse(ResponseModel):
    """A page of predictions, newest first; `next_cursor` is null on the last."""

    predictions: list[PredictionResponse]
    next_cursor: str | None
