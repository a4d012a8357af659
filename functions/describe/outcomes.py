"""What can come of calling a model, and what then helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Outcome(StrEnum):
    """One call's end. Each call is logged with exactly one of these."""

    ANSWERED = "answered"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - an outcome
    CREDIT_SPENT = "credit_spent"
    ACCESS_DENIED = "access_denied"
    MODEL_NOT_FOUND = "model_not_found"
    MODEL_UNSUPPORTED = "model_unsupported"
    REQUEST_REFUSED = "request_refused"
    PHOTO_TOO_LARGE = "photo_too_large"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    UNEXPECTED_STATUS = "unexpected_status"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    CONNECTION_LOST = "connection_lost"
    BROKEN_ANSWER = "broken_answer"
    EMPTY_ANSWER = "empty_answer"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said, or why it did not. `retry_after_seconds` is what it asked for."""

    outcome: Outcome
    text: str = ""
    retry_after_seconds: float | None = None


# The endpoint may be well again in a moment.
RETRY_HELPS = frozenset(
    {Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.UNREACHABLE, Outcome.CONNECTION_LOST}
)
# It is this model that fails, or whoever serves it. The token, the credit and the rate belong to
# the account and the connection to the endpoint, whatever the model.
ANOTHER_MODEL_HELPS = frozenset(
    {
        Outcome.ACCESS_DENIED,
        Outcome.MODEL_NOT_FOUND,
        Outcome.MODEL_UNSUPPORTED,
        Outcome.REQUEST_REFUSED,
        Outcome.PHOTO_TOO_LARGE,
        Outcome.SERVER_ERROR,
        Outcome.BROKEN_ANSWER,
        Outcome.EMPTY_ANSWER,
    }
)
_BY_STATUS: Mapping[int, Outcome] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: Outcome.TOKEN_REFUSED,
        HTTPStatus.PAYMENT_REQUIRED: Outcome.CREDIT_SPENT,
        HTTPStatus.FORBIDDEN: Outcome.ACCESS_DENIED,
        HTTPStatus.NOT_FOUND: Outcome.MODEL_NOT_FOUND,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Outcome.PHOTO_TOO_LARGE,
        HTTPStatus.TOO_MANY_REQUESTS: Outcome.RATE_LIMITED,
    }
)


def outcome_of_status(status: int, *, names_model: bool) -> Outcome:
    """Name a status other than 200; `names_model` tells a 400 about the model from others."""
    if status == HTTPStatus.BAD_REQUEST and names_model:
        return Outcome.MODEL_UNSUPPORTED
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome.SERVER_ERROR
    refused = Outcome.REQUEST_REFUSED if status >= HTTPStatus.BAD_REQUEST else None
    return _BY_STATUS.get(status, refused or Outcome.UNEXPECTED_STATUS)
