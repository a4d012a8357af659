"""The errors this service can answer with, and the one table that maps them to HTTP.

Rules raise these exceptions and know nothing of HTTP. `http.py` looks the answer up here.
A subclass that is not in the table gets the answer of its nearest base class.
"""

# ruff: noqa: N818 - these read as what happened, not as what broke

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class FieldError:
    """One field of a request that cannot be used: its dotted path, and what would be right."""

    field: str
    message: str


class DomainError(Exception):
    """Something the caller can be told. `detail` is shown to them: no secrets, no internals."""

    detail = "The request could not be completed."

    def __init__(self, detail: str | None = None) -> None:
        """Use `detail` instead of the class's own sentence."""
        if detail is not None:
            self.detail = detail
        super().__init__(self.detail)


class MalformedRequest(DomainError):
    """The body cannot be read at all: not JSON, not UTF-8, not base64."""

    detail = "The request body could not be read."


class InvalidFields(DomainError):
    """The body can be read, but fields are missing or out of range."""

    detail = "Some fields of the request are missing or invalid: see errors."

    def __init__(self, errors: Sequence[FieldError], detail: str | None = None) -> None:
        """Carry every field that has to change."""
        super().__init__(detail)
        self.errors = tuple(errors)


class NotAuthenticated(DomainError):
    """The request carries no identity."""

    detail = "Sign in and send the access token as 'Authorization: Bearer <token>'."


class InvalidCredentials(DomainError):
    """Unknown e-mail or wrong password: deliberately one answer for both."""

    detail = "The e-mail address or the password is wrong."


class WrongPassword(DomainError):
    """Somebody signed in asks for something that takes the password, and gives another."""

    detail = "The current password is wrong."


class RefreshTokenInvalid(DomainError):
    """The refresh token is unknown, expired, spent or ended: deliberately one answer for all."""

    detail = "The session has ended. Sign in again."


class ResetTokenInvalid(DomainError):
    """The token of a password reset is unknown, expired or used: one answer for all."""

    detail = "This reset token is not valid any more. Ask for another one."


class PasswordResetUnavailable(DomainError):
    """There is no address to send mail from in this deployment."""

    detail = "This service sends no mail, so passwords cannot be reset by mail."


class RouteNotFound(DomainError):
    """No route has this path."""

    detail = "There is nothing at this address. GET /info says what this service is."


class MethodNotAllowed(DomainError):
    """The path exists, but not with this method."""

    detail = "This address does not answer to this method."

    def __init__(self, allowed: Sequence[str]) -> None:
        """Name the methods that do exist (the `Allow` header)."""
        self.allowed = tuple(sorted(allowed))
        super().__init__(f"This address answers to {', '.join(self.allowed)} only.")


class PredictionNotFound(DomainError):
    """The user has no prediction with this id."""

    detail = "There is no such prediction among yours."


class ItineraryNotFound(DomainError):
    """The user has no itinerary with this id."""

    detail = "There is no such itinerary among yours."


class NothingToSchedule(DomainError):
    """A calendar is asked of an itinerary without a first day or without stops."""

    detail = "A calendar needs dates and stops: set starts_on and add a stop."


class TooManyItineraries(DomainError):
    """The user has as many itineraries as one user may have."""

    detail = "You have as many itineraries as there may be. Delete one to make room."


class NotAcceptable(DomainError):
    """No representation fits the `Accept` header."""

    detail = "This cannot be sent in any form that the Accept header allows."


class PreconditionRequired(DomainError):
    """A change that does not say which version it changes: it might undo another's."""

    detail = "Send the ETag of the version that you change, as 'If-Match: \"…\"'."


class PreconditionFailed(DomainError):
    """Somebody else has changed it since the caller read it."""

    detail = "It has been changed since you read it. Read it again and repeat your change."


class IdempotencyKeyReused(DomainError):
    """An `Idempotency-Key` came back with another request."""

    detail = "This Idempotency-Key came with another request before. Use a new one for each."


class LandmarkNotFound(DomainError):
    """The catalogue has no landmark with this id."""

    detail = "There is no landmark with this id. GET /landmarks?q= finds one by its name."


class LandmarksUnknown(InvalidFields):
    """No name of an itinerary is in the catalogue."""

    detail = "None of the itinerary's landmarks is known: see errors for what may be meant."


class AccountNotFound(DomainError):
    """The token is genuine, but its account has been deleted."""

    detail = "This account does not exist any more. Sign up again to continue."


class EmailTaken(DomainError):
    """Another account has this e-mail address."""

    detail = "An account with this e-mail address exists already. Sign in instead."


class UsernameTaken(DomainError):
    """Another account has this username (compared without case)."""

    detail = "This username is taken. Choose another one."


class UnsupportedMediaType(DomainError):
    """The body is of a kind that this route does not read."""

    detail = "This route does not read bodies of this Content-Type."


class ImageMissing(DomainError):
    """No image came with the request, or an empty one."""

    detail = "Send an image: the one received is missing or empty."


class ImageEncodingInvalid(DomainError):
    """The image is not valid base64, or not a valid data URI."""

    detail = "The image is not valid base64. Send standard base64 or a data:image/...;base64, URI."


class ImageUnreadable(DomainError):
    """The bytes are no image, or a damaged one."""

    detail = "The image cannot be read: it is damaged or not an image. Send the whole file again."


class ImageFormatUnsupported(DomainError):
    """An image, but of a format that is not read."""

    detail = "This image format is not supported. Send JPEG, PNG, WebP or GIF."


class ImageTooLarge(DomainError):
    """The file has more bytes than are accepted."""

    detail = "The image file is too large."


class ImageTooManyPixels(DomainError):
    """The picture has more pixels than are decoded."""

    detail = "The image has too many pixels. Scale it down and send it again."


class UploadNotFound(DomainError):
    """The user has no such upload: another's, a malformed key and a missing one look the same."""

    detail = (
        "There is no such upload among yours. It may be older than a day: ask for a form with "
        "POST /uploads, send the image with it, then send the upload_key of that form."
    )


class RetryLater(DomainError):
    """The same request will do later; says when."""

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int = 2) -> None:
        """Tell the caller when to come back (the `Retry-After` header)."""
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(RetryLater):
    """A service this one depends on is busy or out of reach; trying again will help."""

    detail = "The service is busy. Try again in a moment."


class TooManyAttempts(RetryLater):
    """Too many attempts for one e-mail address or from one network address."""

    detail = "Too many attempts. Wait as long as Retry-After says, then try again."


class TooManyUploads(RetryLater):
    """The user has asked for as many upload forms as there are in a day."""

    detail = "You have had as many upload forms as there are in a day."


class RequestInProgress(RetryLater):
    """The same request, by its `Idempotency-Key`, is being done right now."""

    detail = "This request is being done already. Ask again for its outcome."


@dataclass(frozen=True)
class Problem:
    """How an error looks in HTTP. `code` is stable: clients may branch on it."""

    status: HTTPStatus
    code: str
    title: str


UNEXPECTED = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "Internal error")

PROBLEMS: Mapping[type[DomainError], Problem] = MappingProxyType(
    {
        MalformedRequest: Problem(
            HTTPStatus.BAD_REQUEST, "malformed_request", "The request cannot be read"
        ),
        InvalidFields: Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_fields", "The request has invalid fields"
        ),
        NotAuthenticated: Problem(
            HTTPStatus.UNAUTHORIZED, "not_authenticated", "Authentication is required"
        ),
        InvalidCredentials: Problem(
            HTTPStatus.UNAUTHORIZED, "invalid_credentials", "Sign-in was refused"
        ),
        WrongPassword: Problem(
            HTTPStatus.FORBIDDEN, "wrong_password", "The current password is wrong"
        ),
        RefreshTokenInvalid: Problem(
            HTTPStatus.UNAUTHORIZED, "refresh_token_invalid", "The session has ended"
        ),
        ResetTokenInvalid: Problem(
            HTTPStatus.BAD_REQUEST, "reset_token_invalid", "The reset token is not valid"
        ),
        PasswordResetUnavailable: Problem(
            HTTPStatus.NOT_IMPLEMENTED,
            "password_reset_unavailable",
            "Passwords cannot be reset by mail",
        ),
        TooManyAttempts: Problem(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_attempts", "Too many attempts"
        ),
        RouteNotFound: Problem(HTTPStatus.NOT_FOUND, "route_not_found", "No such address"),
        MethodNotAllowed: Problem(
            HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed"
        ),
        ItineraryNotFound: Problem(
            HTTPStatus.NOT_FOUND, "itinerary_not_found", "No such itinerary"
        ),
        NothingToSchedule: Problem(
            HTTPStatus.CONFLICT, "nothing_to_schedule", "There is nothing for a calendar"
        ),
        TooManyItineraries: Problem(
            HTTPStatus.CONFLICT, "too_many_itineraries", "There are too many itineraries"
        ),
        NotAcceptable: Problem(
            HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", "No acceptable representation"
        ),
        PreconditionRequired: Problem(
            HTTPStatus.PRECONDITION_REQUIRED, "precondition_required", "If-Match is required"
        ),
        PreconditionFailed: Problem(
            HTTPStatus.PRECONDITION_FAILED, "precondition_failed", "Changed in the meantime"
        ),
        IdempotencyKeyReused: Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "The idempotency key is in use",
        ),
        RequestInProgress: Problem(
            HTTPStatus.CONFLICT, "request_in_progress", "The request is in progress"
        ),
        LandmarksUnknown: Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "landmarks_unknown", "The landmarks are not known"
        ),
        LandmarkNotFound: Problem(HTTPStatus.NOT_FOUND, "landmark_not_found", "No such landmark"),
        PredictionNotFound: Problem(
            HTTPStatus.NOT_FOUND, "prediction_not_found", "No such prediction"
        ),
        AccountNotFound: Problem(HTTPStatus.NOT_FOUND, "account_not_found", "No such account"),
        EmailTaken: Problem(HTTPStatus.CONFLICT, "email_taken", "E-mail address taken"),
        UsernameTaken: Problem(HTTPStatus.CONFLICT, "username_taken", "Username taken"),
        UnsupportedMediaType: Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Unsupported media type"
        ),
        ImageMissing: Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "image_missing", "An image is required"
        ),
        ImageEncodingInvalid: Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "image_encoding_invalid",
            "The image's encoding is invalid",
        ),
        ImageUnreadable: Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "image_unreadable", "The image cannot be read"
        ),
        ImageFormatUnsupported: Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "image_format_unsupported",
            "Unsupported image format",
        ),
        ImageTooLarge: Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "image_too_large", "The image is too large"
        ),
        ImageTooManyPixels: Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "image_too_many_pixels",
            "The image has too many pixels",
        ),
        UploadNotFound: Problem(HTTPStatus.NOT_FOUND, "upload_not_found", "No such upload"),
        TooManyUploads: Problem(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_uploads", "Too many uploads"
        ),
        Unavailable: Problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "service_unavailable", "The service is busy"
        ),
    }
)


def problem_of(error_type: type[DomainError]) -> Problem:
    """Look up how an error is answered; the nearest base class in the table decides."""
    for candidate in error_type.__mro__:
        if candidate in PROBLEMS:
            return PROBLEMS[candidate]
    return UNEXPECTED
