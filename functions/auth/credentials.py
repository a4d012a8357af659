"""The writes that change, or rely on, what an e-mail address signs in with.

The password's hash and the generation of sessions lie in one item, so that a new password and the
end of all sessions are one write: there is no moment in which only half of it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common import keys
from common.errors import FieldError, InvalidFields
from common.identity import username_key
from common.updates import Check, Equals, Exists, Update

if TYPE_CHECKING:
    from common.users import Credentials


def unchanged(email: str, found: Credentials) -> Check:
    """Let other writes happen only if neither password nor account have changed since `found`."""
    return Check(
        keys.credentials(email),
        only_if=(
            Equals("user_id", found.user_id),
            Equals("password_hash", found.password_hash),
            Equals("session_generation", found.session_generation),
        ),
    )


def replace_password(email: str, found: Credentials, password_hash: str, generation: str) -> Update:
    """Store another password, end all sessions and use up any reset token.

    It fails if the password, the reset token or the account have changed since `found`.
    """
    return Update(
        keys.credentials(email),
        assign={
            "password_hash": password_hash,
            "session_generation": generation,
            "reset_token_hash": None,
            "reset_expires_at": None,
        },
        only_if=(
            Equals("user_id", found.user_id),
            Equals("password_hash", found.password_hash),
            Equals("reset_token_hash", found.reset_token_hash),
        ),
    )


def remember_reset(email: str, token_hash: str, expires_at: int) -> Update:
    """Let the token with this hash reset the password of an existing account, and no other."""
    return Update(
        keys.credentials(email),
        assign={"reset_token_hash": token_hash, "reset_expires_at": expires_at},
        only_if=(Exists(),),
    )


def refuse_own_name(password: str, email: str, username: str, *, field: str = "password") -> None:
    """Refuse a new password that is the user's own name or address.

    Raises:
        InvalidFields: naming `field`.

    """
    if password.casefold() in {email.casefold(), username_key(username)}:
        message = "A password is not the e-mail address or the username."
        raise InvalidFields([FieldError(field, message)])
