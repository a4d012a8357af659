"""The parts of `auth` over a table in memory, with a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auth.accounts import AccountLimits, Accounts
from auth.password_reset import PasswordResets, ResetLimits
from auth.sessions import Sessions
from common.limits import HOUR_SECONDS, Attempts, Limit
from common.tokens import AccessTokens
from tests.fakes.clocks import ManualClock
from tests.fakes.signing_keys import FixedSigningKeys
from tests.fakes.tables import WatchedTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from auth.mail import Mailer
    from auth.sessions import SignedIn
    from common.table import Table

GRACE_SECONDS = 30
WEEK_SECONDS = 7 * 24 * HOUR_SECONDS
FREE_PASSWORDS = 5
FREE_FAILURES = 12
FREE_SIGN_UPS = 4
FREE_RESETS = 6
EMAIL = "ada@example.com"
PASSWORD = "a lovely journey"
NETWORK = "203.0.113.7"


@dataclass
class Auth:
    """The parts of `auth` that belong together."""

    table: Table
    clock: ManualClock
    tokens: AccessTokens
    sessions: Sessions
    accounts: Accounts
    resets: PasswordResets

    def over(self, table: Table, *, grace_seconds: int = GRACE_SECONDS) -> Auth:
        """Let the same clock and keys work over another view of the table."""
        return build_auth(table, clock=self.clock, tokens=self.tokens, grace_seconds=grace_seconds)

    def sign_up(self, email: str = EMAIL, username: str = "Ada") -> SignedIn:
        return self.accounts.sign_up(email, username, PASSWORD, NETWORK)

    def sign_in(self, password: str = PASSWORD, email: str = EMAIL) -> SignedIn:
        return self.accounts.sign_in(email, password, NETWORK)


def build_auth(
    table: Table,
    *,
    clock: ManualClock | None = None,
    tokens: AccessTokens | None = None,
    grace_seconds: int = GRACE_SECONDS,
    mailer: Mailer | None = None,
    page_url: str = "https://travel.example/new-password",
) -> Auth:
    """Put the parts together over `table`."""
    clock = clock or ManualClock()
    tokens = tokens or AccessTokens(FixedSigningKeys(), "https://issuer.test", "audience")

    def now() -> float:
        return clock.now_ms() / 1000

    attempts = Attempts(table, now)
    limits = AccountLimits.allowing(
        sign_ups_per_network=FREE_SIGN_UPS,
        passwords_per_email=FREE_PASSWORDS,
        failures_per_network=FREE_FAILURES,
    )
    sessions = Sessions(
        table,
        tokens,
        access_ttl_seconds=1800,
        refresh_ttl_seconds=WEEK_SECONDS,
        reuse_grace_seconds=grace_seconds,
        clock=now,
    )
    resets = PasswordResets(
        table,
        attempts,
        ResetLimits(
            Limit("RESET", FREE_RESETS, HOUR_SECONDS, first_pause_seconds=60),
            limits.passwords_per_email,
        ),
        mailer,
        page_url=page_url,
        bcrypt_cost=4,
        clock=now,
    )
    accounts = Accounts(table, sessions, attempts, limits, bcrypt_cost=4)
    return Auth(table, clock, tokens, sessions, accounts, resets)


def overtaken(table: Table, call: str, meanwhile: Callable[[], object]) -> WatchedTable:
    """Let something else happen between what a rule has read and its first such `call`."""
    waiting = [meanwhile]

    def before(name: str) -> None:
        if name == call and waiting:
            waiting.pop()()

    return WatchedTable(table, before)
