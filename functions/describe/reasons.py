"""Why a photo was not described by a remote model."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why an answer is local. Users see these: they are stable."""

    NO_TOKEN = "no_token"  # noqa: S105 - a reason
    BUDGET_SPENT = "budget_spent"
    SHARE_SPENT = "share_spent"
    TOO_BUSY = "too_busy"
    MODEL_UNAVAILABLE = "model_unavailable"
    MODEL_TOO_SLOW = "model_too_slow"
    STORAGE_BUSY = "storage_busy"
    PHOTO_NOT_KEPT = "photo_not_kept"


class NotDescribedError(Exception):
    """The remote model is not asked, or did not answer."""

    def __init__(self, reason: Reason) -> None:
        """Remember why."""
        super().__init__(reason.value)
        self.reason = reason
