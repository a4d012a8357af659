"""A typed client of the API: `client.py` is all of it, `models.py` comes from its description."""

from travel_client.client import ApiError, Tokens, TravelApi

__all__ = ["ApiError", "Tokens", "TravelApi"]
