"""Who asks for what: named mixes of requests, and how they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The gateway remembers for five minutes that a token is good: what one visit asks for in that time
# is checked once.
REQUESTS_A_CHECK = 5
# How long Lambda keeps a function that nobody calls. AWS promises nothing; minutes are usual.
KEPT_WARM_MINUTES = 10


@dataclass(frozen=True)
class Mix:
    """The shares of the routes in all requests; they add up to one."""

    title: str
    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse shares that are not the whole."""
        whole = sum(self.shares.values())
        if abs(whole - 1) > 1e-9:  # noqa: PLR2004 - what adding fractions leaves
            message = f"{self.title}: the shares add up to {whole}, not to 1"
            raise ValueError(message)


MIXES: dict[str, Mix] = {
    "travellers": Mix(
        "people who name photos, ask where to go next, and plan",
        {
            "POST /auth/signup": 0.01,
            "POST /auth/login": 0.03,
            "POST /auth/refresh": 0.05,
            "GET /user/profile": 0.04,
            "POST /auth/password-reset/request": 0.005,
            "POST /predict": 0.24,
            "POST /uploads": 0.01,
            "POST /describe": 0.08,
            "POST /recommend": 0.18,
            "GET /landmarks": 0.12,
            "GET /landmarks/{landmark_id}": 0.13,
            "GET /predictions": 0.04,
            "POST /feedback": 0.02,
            "POST /itinerary": 0.01,
            "GET /itinerary": 0.03,
            "GET /health": 0.005,
        },
    ),
    "photos": Mix(
        "nothing but photos, each with its words",
        {"POST /auth/refresh": 0.02, "POST /predict": 0.49, "POST /describe": 0.49},
    ),
    "browsing": Mix(
        "the catalogue, mostly by people without an account",
        {
            "POST /auth/login": 0.01,
            "POST /auth/refresh": 0.02,
            "POST /predict": 0.02,
            "POST /recommend": 0.05,
            "GET /landmarks": 0.50,
            "GET /landmarks/{landmark_id}": 0.40,
        },
    ),
}
DEFAULT_MIX = "travellers"
REQUESTS = (0, 10_000, 100_000, 1_000_000)
