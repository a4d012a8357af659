"""What the routes of this function read and write."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from common.identity import normalise_email, normalise_username
from common.models import RequestModel, ResponseModel
from common.passwords import normalise_new_password

EmailAddress = Annotated[str, AfterValidator(normalise_email)]
Username = Annotated[str, AfterValidator(normalise_username)]
NewPassword = Annotated[str, AfterValidator(normalise_new_password)]


class SignUpRequest(RequestModel):
    """A new account."""

    email: EmailAddress
    username: Username
    password: NewPassword


class SignInRequest(RequestModel):
    """An existing account. Any password may be tried, so the rules for new ones do not apply."""

    email: EmailAddress
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class SignedInResponse(ResponseModel):
    """A signed-in user and the tokens to go on with. `expires_in` is in seconds."""

    user_id: str
    username: str
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a kind, not a token
    expires_in: int
