"""Choosing a new password with a token that only the owner of the mailbox gets.

A request does the same for an unknown address as for a known one: the same write (refused by its
condition where there is no account) and a mail of the same length. The mail for an unknown address
goes to SES's mailbox simulator, which takes it and delivers it nowhere.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auth.credentials import refuse_own_name, remember_reset, replace_password
from auth.sessions import SECRET_BYTES, hash_token
from common.errors import PasswordResetUnavailable, ResetTokenInvalid
from common.limits import HOUR_SECONDS, RESETS_PER_EMAIL
from common.passwords import hash_password
from common.table import ConditionFailed
from common.ulids import is_ulid, new_ulid
from common.users import Users

if TYPE_CHECKING:
    from collections.abc import Callable

    from auth.mail import Mailer
    from common.limits import Attempts, Limit
    from common.table import Table

TOKEN_TTL_SECONDS = HOUR_SECONDS
# https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
NOBODY = "success@simulator.amazonses.com"

SUBJECT = "Choose a new password"
MAIL = """\
Somebody, we hope you, asked for a new password for the account with this e-mail address.

{instruction}

It works once, within one hour. If it was not you, do nothing: your password stays as it is.
"""


@dataclass(frozen=True)
class ResetLimits:
    """How often mails may be asked for, and the limit on passwords that a reset takes away."""

    requests_per_network: Limit
    passwords_per_email: Limit


class PasswordResets:
    """Sends reset tokens and takes them back, each once."""

    def __init__(  # noqa: PLR0913 - its parts, by keyword
        self,
        table: Table,
        attempts: Attempts,
        limits: ResetLimits,
        mailer: Mailer | None,
        *,
        page_url: str,
        bcrypt_cost: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Send with `mailer`; without one there are no resets.

        `page_url` is the page that takes the token, "" to send the bare token; `clock` gives
        seconds since 1970.
        """
        self._table = table
        self._users = Users(table)
        self._attempts = attempts
        self._limits = limits
        self._mailer = mailer
        self._page_url = page_url
        self._bcrypt_cost = bcrypt_cost
        self._clock = clock

    def request(self, email: str, network: str) -> None:
        """Send a token to the address if it has an account; a token sent before is void then.

        Raises:
            PasswordResetUnavailable: there is no sender.
            TooManyAttempts: too many were asked for, for this address or from this network.
            Unavailable: the table or the mail service are out of reach.

        """
        if self._mailer is None:
            raise PasswordResetUnavailable
        self._attempts.take(self._limits.requests_per_network, network)
        self._attempts.take(RESETS_PER_EMAIL, email)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        expires_at = int(self._clock()) + TOKEN_TTL_SECONDS
        try:
            account = self._table.update(remember_reset(email, hash_token(secret), expires_at))
            recipient, user_id = email, account["user_id"]
        except ConditionFailed:
            recipient, user_id = NOBODY, new_ulid()
        self._mailer.send(recipient, SUBJECT, self._write_mail(f"{user_id}.{secret}"))

    def confirm(self, token: str, password: str) -> None:
        """Set the password of the account that the token was sent to, and end all its sessions.

        The limit on attempts to sign in begins anew.

        Raises:
            InvalidFields: the new password is the user's own name or address.
            ResetTokenInvalid: the token is unknown, expired, used or replaced by another.
            Unavailable: the table is throttling or out of reach.

        """
        user_id, _, secret = token.partition(".")
        profile = self._users.find_profile(user_id) if is_ulid(user_id) else None
        found = self._users.find_credentials(profile.email) if profile else None
        if (
            profile is None
            or found is None
            or found.user_id != user_id
            or not hmac.compare_digest(found.reset_token_hash or "", hash_token(secret))
            or found.reset_expires_at <= self._clock()
        ):
            raise ResetTokenInvalid
        refuse_own_name(password, profile.email, profile.username)
        new_hash = hash_password(password, self._bcrypt_cost)
        try:
            self._table.write(
                replace_password(profile.email, found, new_hash, new_ulid()),
                self._attempts.forgetting(self._limits.passwords_per_email, profile.email),
            )
        except ConditionFailed:
            # Used by another request, or the password was changed meanwhile.
            raise ResetTokenInvalid from None

    def _write_mail(self, token: str) -> str:
        # Behind '#', so that the token stays out of logs and of Referer headers.
        instruction = (
            f"Choose it here:\n{self._page_url}#token={token}"
            if self._page_url
            else f"Your reset token is:\n{token}"
        )
        return MAIL.format(instruction=instruction)
