"""What the routes of this function write."""

from __future__ import annotations

from common.models import ResponseModel


class ProfileResponse(ResponseModel):
    """An account as its owner sees it. `created_at` is ISO 8601 in UTC."""

    user_id: str
    email: str
    username: str
    created_at: str
    itinerary_count: int
    prediction_count: int
