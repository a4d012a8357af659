"""What the environment tells this function."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import (
    ACCESS_TOKEN_TTL_RANGE_SECONDS,
    BCRYPT_COST_RANGE,
    REFRESH_TOKEN_TTL_RANGE_SECONDS,
    TableSettings,
    TokenSettings,
    bounded,
)


@dataclass(frozen=True, kw_only=True)
class AuthSettings(TableSettings, TokenSettings):
    """Names of the table and of the keys, lifetimes of tokens, cost of a password's hash."""

    access_token_ttl_seconds: int = bounded(ACCESS_TOKEN_TTL_RANGE_SECONDS)
    refresh_token_ttl_seconds: int = bounded(REFRESH_TOKEN_TTL_RANGE_SECONDS)
    bcrypt_cost: int = bounded(BCRYPT_COST_RANGE)
