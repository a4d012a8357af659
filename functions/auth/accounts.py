"""The rules of signing up, signing in and changing the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auth.credentials import refuse_own_name, replace_password, unchanged
from common import limits
from common.errors import AccountNotFound, InvalidCredentials, WrongPassword
from common.limits import HOUR_SECONDS, Limit
from common.passwords import hash_password, unmatchable_hash, verify_password
from common.table import ConditionFailed
from common.ulids import new_ulid
from common.users import Profile, Users

if TYPE_CHECKING:
    from auth.sessions import Sessions, SignedIn
    from common.limits import Attempts
    from common.table import Table


@dataclass(frozen=True)
class AccountLimits:
    """How often accounts may be opened and passwords tried."""

    sign_ups_per_network: Limit
    passwords_per_email: Limit
    failures_per_network: Limit

    @classmethod
    def allowing(
        cls, *, sign_ups_per_network: int, passwords_per_email: int, failures_per_network: int
    ) -> AccountLimits:
        """Allow so many without a pause: passwords per address in a day, the others in an hour."""
        return cls(
            Limit("SIGN_UP", sign_ups_per_network, HOUR_SECONDS, first_pause_seconds=60),
            limits.passwords_per_email(passwords_per_email),
            Limit("FAILURE", failures_per_network, HOUR_SECONDS, first_pause_seconds=2),
        )


class Accounts:
    """Opens accounts and sessions."""

    def __init__(
        self,
        table: Table,
        sessions: Sessions,
        attempts: Attempts,
        limits: AccountLimits,
        *,
        bcrypt_cost: int,
    ) -> None:
        """Keep accounts in `table` and their sessions in `sessions`."""
        self._table = table
        self._users = Users(table)
        self._sessions = sessions
        self._attempts = attempts
        self._limits = limits
        self._bcrypt_cost = bcrypt_cost

    def sign_up(self, email: str, username: str, password: str, network: str) -> SignedIn:
        """Open an account and a session, both or neither. All names in their normal form.

        `network` is where the request comes from (`limits.network_of`).

        Raises:
            InvalidFields: the password is the user's own name or address.
            TooManyAttempts: too many accounts were asked for from there.
            EmailTaken: another account has the address.
            UsernameTaken: another account has the username.
            Unavailable: the table or the signing keys are out of reach.

        """
        refuse_own_name(password, email, username)
        self._attempts.take(self._limits.sign_ups_per_network, network)
        user_id = new_ulid()
        # Signed first: without keys nothing is written, and the user can simply try again.
        signed_in, opening = self._sessions.open(user_id, username, email, generation=None)
        password_hash = hash_password(password, self._bcrypt_cost)
        created_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        profile = Profile(user_id, email, username, created_at)
        self._users.add(profile, password_hash, opening)
        return signed_in

    def sign_in(self, email: str, password: str, network: str) -> SignedIn:
        """Open a session for an existing account.

        An unknown address and a wrong password take the same path: the same reads and writes, one
        hash. An attempt is counted for its address before the password is looked at, so that
        many at once are as limited as one after the other, and forgotten when it succeeds. For the
        network only failures count: many people may share one.

        Raises:
            TooManyAttempts: too many passwords were tried, for this address or from this network.
            InvalidCredentials: the address is unknown or the password is wrong.
            Unavailable: the table or the signing keys are out of reach.

        """
        self._attempts.check(self._limits.failures_per_network, network)
        self._attempts.take(self._limits.passwords_per_email, email)
        found = self._users.find_credentials(email)
        known_hash = found.password_hash if found else unmatchable_hash(self._bcrypt_cost)
        if not verify_password(password, known_hash) or found is None:
            self._attempts.record(self._limits.failures_per_network, network)
            raise InvalidCredentials
        signed_in, opening = self._sessions.open(
            found.user_id, found.username, email, found.session_generation
        )
        forgetting = self._attempts.forgetting(self._limits.passwords_per_email, email)
        try:
            self._table.write(unchanged(email, found), opening, forgetting)
        except ConditionFailed:
            # The password was changed or the account deleted since it was read.
            raise InvalidCredentials from None
        return signed_in

    def change_password(self, user_id: str, current: str, new: str) -> SignedIn:
        """Replace the password, end all sessions of the user and open a new one.

        Raises:
            InvalidFields: the new password is the user's own name or address.
            AccountNotFound: the account has been deleted since the access token was issued.
            TooManyAttempts: too many passwords were tried for the account's address.
            WrongPassword: `current` is not the password.
            Unavailable: the table or the signing keys are out of reach.

        """
        profile = self._users.find_profile(user_id)
        if profile is None:
            raise AccountNotFound
        refuse_own_name(new, profile.email, profile.username, field="new_password")
        self._attempts.take(self._limits.passwords_per_email, profile.email)
        found = self._users.find_credentials(profile.email)
        if found is None or found.user_id != user_id:
            raise AccountNotFound
        if not verify_password(current, found.password_hash):
            raise WrongPassword
        generation = new_ulid()
        signed_in, opening = self._sessions.open(user_id, found.username, profile.email, generation)
        new_hash = hash_password(new, self._bcrypt_cost)
        try:
            self._table.write(
                replace_password(profile.email, found, new_hash, generation),
                opening,
                self._attempts.forgetting(self._limits.passwords_per_email, profile.email),
            )
        except ConditionFailed:
            # It was changed at the same time, or the account deleted.
            raise WrongPassword from None
        return signed_in
