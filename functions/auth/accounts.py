"""The rules of signing up and signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auth.sessions import open_session
from common.errors import FieldError, InvalidCredentials, InvalidFields
from common.identity import username_key
from common.passwords import hash_password, unmatchable_hash, verify_password
from common.ulids import new_ulid
from common.users import Profile, Users

if TYPE_CHECKING:
    from common.table import Table
    from common.tokens import AccessTokens


@dataclass(frozen=True)
class SignedIn:
    """A user who has just proved who they are, and their tokens."""

    user_id: str
    username: str
    access_token: str
    refresh_token: str
    expires_in_seconds: int


class Accounts:
    """Opens accounts and sessions."""

    def __init__(
        self,
        table: Table,
        tokens: AccessTokens,
        *,
        access_ttl_seconds: int,
        refresh_ttl_seconds: int,
        bcrypt_cost: int,
    ) -> None:
        """Keep accounts in `table` and sign with `tokens`."""
        self._table = table
        self._users = Users(table)
        self._tokens = tokens
        self._access_ttl_seconds = access_ttl_seconds
        self._refresh_ttl_seconds = refresh_ttl_seconds
        self._bcrypt_cost = bcrypt_cost

    def sign_up(self, email: str, username: str, password: str) -> SignedIn:
        """Open an account and a session, both or neither. All names in their normal form.

        Raises:
            InvalidFields: the password is the user's own name or address.
            EmailTaken: another account has the address.
            UsernameTaken: another account has the username.
            Unavailable: the table or the signing keys are out of reach.

        """
        if password.casefold() in {email.casefold(), username_key(username)}:
            message = "A password is not the e-mail address or the username."
            raise InvalidFields([FieldError("password", message)])
        user_id = new_ulid()
        # Signed first: without keys nothing is written, and the user can simply try again.
        access_token = self._issue(user_id, username)
        password_hash = hash_password(password, self._bcrypt_cost)
        refresh_token, session = open_session(user_id, ttl_seconds=self._refresh_ttl_seconds)
        created_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        profile = Profile(user_id, email, username, created_at)
        self._users.add(profile, password_hash, session)
        return self._signed_in(user_id, username, access_token, refresh_token)

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Open a session for an existing account.

        An unknown address and a wrong password take the same path: one read, one hash.

        Raises:
            InvalidCredentials: the address is unknown or the password is wrong.
            Unavailable: the table or the signing keys are out of reach.

        """
        found = self._users.find_credentials(email)
        known_hash = found.password_hash if found else unmatchable_hash(self._bcrypt_cost)
        if not verify_password(password, known_hash) or found is None:
            raise InvalidCredentials
        access_token = self._issue(found.user_id, found.username)
        refresh_token, session = open_session(found.user_id, ttl_seconds=self._refresh_ttl_seconds)
        self._table.write(session)
        return self._signed_in(found.user_id, found.username, access_token, refresh_token)

    def _issue(self, user_id: str, username: str) -> str:
        return self._tokens.issue(user_id, username, ttl_seconds=self._access_ttl_seconds)

    def _signed_in(
        self, user_id: str, username: str, access_token: str, refresh_token: str
    ) -> SignedIn:
        return SignedIn(user_id, username, access_token, refresh_token, self._access_ttl_seconds)
