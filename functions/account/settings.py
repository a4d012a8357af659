"""What the environment tells this function."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import FREE_ATTEMPTS_RANGE, TableSettings, bounded


@dataclass(frozen=True, kw_only=True)
class AccountSettings(TableSettings):
    """Name of the table, and how many passwords may be tried for an account without a pause."""

    passwords_per_email: int = bounded(FREE_ATTEMPTS_RANGE)
