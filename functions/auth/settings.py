"""What the environment tells this function."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import (
    ACCESS_TOKEN_TTL_RANGE_SECONDS,
    BCRYPT_COST_RANGE,
    FREE_ATTEMPTS_RANGE,
    REFRESH_TOKEN_TTL_RANGE_SECONDS,
    TableSettings,
    TokenSettings,
    bounded,
)

REUSE_GRACE_RANGE_SECONDS = (0, 60)


@dataclass(frozen=True, kw_only=True)
class AuthSettings(TableSettings, TokenSettings):
    """Names of the table and of the keys, lifetimes, limits, and where mail comes from.

    The limits are attempts without a pause between them; see `accounts.AccountLimits`. Without
    `mail_sender` passwords cannot be reset by mail.
    """

    access_token_ttl_seconds: int = bounded(ACCESS_TOKEN_TTL_RANGE_SECONDS)
    refresh_token_ttl_seconds: int = bounded(REFRESH_TOKEN_TTL_RANGE_SECONDS)
    refresh_reuse_grace_seconds: int = bounded(REUSE_GRACE_RANGE_SECONDS)
    bcrypt_cost: int = bounded(BCRYPT_COST_RANGE)
    passwords_per_email: int = bounded(FREE_ATTEMPTS_RANGE)
    sign_in_failures_per_network: int = bounded(FREE_ATTEMPTS_RANGE)
    sign_ups_per_network: int = bounded(FREE_ATTEMPTS_RANGE)
    resets_per_network: int = bounded(FREE_ATTEMPTS_RANGE)
    mail_sender: str = ""
    password_reset_url: str = ""
