"""Leaving: everything of a user goes, in steps that can be taken up again.

First, in one transaction, the account itself: the profile, which every new item of a user checks,
and what signing in and the username's reservation are. In its place stands a sign that a deletion
has begun. From then on nobody signs in and nothing new is written, so what is left only becomes
less: the user's partition is emptied in batches, sessions first, and the sign goes last.

Whatever interrupts this (a busy table, a function that dies, its time limit), the sign tells that
there is something left to do. The same request finishes it, for as long as its token is valid, and
so does the next deletion of anybody.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from common import keys
from common.errors import AccountNotFound, Unavailable, WrongPassword
from common.limits import RESETS_PER_EMAIL
from common.observability import logger
from common.passwords import verify_password
from common.table import Put

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.limits import Attempts, Limit
    from common.table import Table
    from common.users import Profile, Users

# Of the function's 15 s: enough for some thousand items, and the rest for the table to be slow.
PATIENCE_SECONDS = 8.0
# Four batches. Smaller than DynamoDB's page, so that time is looked at often enough.
ITEMS_AT_ONCE = 100
# Others' unfinished deletions that one request looks at.
OTHERS_AT_ONCE = 10


class Deletions:
    """Deletes accounts."""

    def __init__(
        self,
        table: Table,
        users: Users,
        attempts: Attempts,
        passwords: Limit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Delete from `table`, for as many `passwords` as may be tried; `clock` in seconds."""
        self._table = table
        self._users = users
        self._attempts = attempts
        self._passwords = passwords
        self._clock = clock

    def delete(self, user_id: str, password: str) -> None:
        """Remove everything of a user. The password is not asked for again once it has begun.

        Raises:
            AccountNotFound: there is no such account, nor a deletion to finish.
            TooManyAttempts: too many passwords were tried for the account's address.
            WrongPassword: it is not the account's.
            Unavailable: the table is busy or time is up; the same request goes on from there.

        """
        deadline = self._clock() + PATIENCE_SECONDS
        profile = self._users.find_profile(user_id)
        if profile is not None:
            self._begin(profile, password)
        elif self._table.get(keys.deletion(user_id), consistent=True) is None:
            raise AccountNotFound
        self._finish(user_id, deadline)
        self._finish_others(deadline)

    def _begin(self, profile: Profile, password: str) -> None:
        self._attempts.take(self._passwords, profile.email)
        credentials = self._users.find_credentials(profile.email)
        if credentials is None or credentials.user_id != profile.user_id:
            # Between two reads the account has begun to go.
            raise Unavailable
        if not verify_password(password, credentials.password_hash):
            raise WrongPassword
        begun_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._users.remove(
            profile,
            credentials,
            Put(keys.deletion(profile.user_id), {"begun_at": begun_at}),
            self._attempts.forgetting(self._passwords, profile.email),
            self._attempts.forgetting(RESETS_PER_EMAIL, profile.email),
        )
        logger.info("account deletion begun")

    def _finish(self, user_id: str, deadline: float) -> None:
        partition, sessions = keys.session(user_id, "")
        for prefix in (sessions, ""):
            while True:
                page = self._table.query(
                    partition, prefix=prefix, limit=ITEMS_AT_ONCE, consistent=True
                )
                self._table.discard(*[row.key for row in page.rows])
                if page.after is None:
                    break
                if self._clock() > deadline:
                    message = (
                        "The account is gone, but not all of its data yet. "
                        "Send the same request again to remove the rest."
                    )
                    raise Unavailable(message, retry_after_seconds=1)
        self._table.discard(keys.deletion(user_id))
        logger.info("account deletion finished")

    def _finish_others(self, deadline: float) -> None:
        """Take up what was left unfinished before; this user's request has been answered."""
        try:
            begun = self._table.query(keys.deletion("").pk, limit=OTHERS_AT_ONCE)
            for row in begun.rows:
                if self._clock() > deadline:
                    return
                self._finish(row.key.sk, deadline)
        except Unavailable:
            logger.warning("unfinished deletions left for later")
