"""What the routes of this function read and write."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from common.identity import normalise_email, normalise_username
from common.identity_schemas import EMAIL_IN_JSON, USERNAME_IN_JSON
from common.models import RequestModel, ResponseModel
from common.passwords import MAX_BYTES, MIN_CHARACTERS, normalise_new_password

EmailAddress = Annotated[str, AfterValidator(normalise_email), EMAIL_IN_JSON]
Username = Annotated[str, AfterValidator(normalise_username), USERNAME_IN_JSON]
NewPassword = Annotated[
    str,
    AfterValidator(normalise_new_password),
    # In characters, which JSON Schema counts; bcrypt counts bytes.
    Field(json_schema_extra={"minLength": MIN_CHARACTERS, "maxLength": MAX_BYTES}),
]
# Any password may be tried, so the rules for new ones do not apply.
TriedPassword = Annotated[str, Field(min_length=1, max_length=1024)]
# Ours have about 100 characters.
Token = Annotated[str, Field(min_length=1, max_length=256)]


class SignUpRequest(RequestModel):
    """A new account."""

    email: EmailAddress
    username: Username
    password: NewPassword


class SignInRequest(RequestModel):
    """An existing account."""

    email: EmailAddress
    password: TriedPassword


class RefreshRequest(RequestModel):
    """The current refresh token of a session."""

    refresh_token: Token


class SignOutRequest(RequestModel):
    """A refresh token of the session to end; `everywhere` ends every session of its user."""

    refresh_token: Token
    everywhere: bool = False


class ChangePasswordRequest(RequestModel):
    """The password there is, and the one there shall be."""

    current_password: TriedPassword
    new_password: NewPassword


class ResetRequest(RequestModel):
    """The address of the account whose password is forgotten."""

    email: EmailAddress


class ResetConfirmation(RequestModel):
    """The token from the mail, and the new password."""

    token: Token
    password: NewPassword


class SignedInResponse(ResponseModel):
    """A signed-in user and the tokens to go on with. `expires_in` is in seconds."""

    user_id: str
    username: str
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind, not a token
    expires_in: int


class ResetRequestedResponse(ResponseModel):
    """What is said of any address."""

    message: str = "If this address has an account, a mail to it is on its way."
