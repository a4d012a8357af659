"""The requests of the suite `request`: an event, the models, and a rule that costs nothing.

Each case imports what it needs alone, as a function of ours does.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.reports import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

TOKEN = "x" * 400


@dataclass(frozen=True)
class Case:
    """A route: what it reads (None: nothing) and writes, and what makes one of the other."""

    name: str
    method: str
    path: str
    body: type[BaseModel] | None
    response: type[BaseModel]
    rule: Callable[[Any], BaseModel]

    @property
    def event(self) -> dict[str, Any]:
        """A recorded event for the route."""
        path = ROOT / "tests" / "events" / f"{self.name}.json"
        event: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return event


def health() -> Case:
    """Read nothing, write two fields."""
    from docs.models import HealthResponse

    def rule(_: None) -> HealthResponse:
        return HealthResponse(timestamp=datetime.now(UTC).isoformat(timespec="milliseconds"))

    return Case("health", "GET", "/health", None, HealthResponse, rule)


def login() -> Case:
    """Read two fields, one of them an e-mail address, and write six."""
    from auth.models import SignedInResponse, SignInRequest

    def rule(body: SignInRequest) -> SignedInResponse:
        return SignedInResponse(
            user_id="01M85BSBS5EV87SRS3HY2JBXXW",
            username=body.email.partition("@")[0],
            access_token=TOKEN,
            refresh_token=TOKEN[:100],
            expires_in=1800,
        )

    return Case("login", "POST", "/auth/login", SignInRequest, SignedInResponse, rule)


def recommend() -> Case:
    """Read seven fields, with rules across them, and write as many places as are asked for."""
    from recommend.models import Recommendation, RecommendRequest, RecommendResponse

    def rule(body: RecommendRequest) -> RecommendResponse:
        places = [
            Recommendation(
                landmark_id=f"landmark-{number}",
                landmark="Arc de Triomphe",
                country="FR",
                city="Paris",
                latitude=48.8738,
                longitude=2.295,
                distance_km=1.71,
                closest_itinerary_landmark=body.itinerary_landmarks[0],
                similarity=0.5142,
                score=0.7385,
                reason="1.7 km from Eiffel Tower; among the best-known places.",
                description="Twelve avenues radiate from the roundabout around this arch. " * 4,
                categories=["monument", "memorial", "gate", "viewpoint"],
            )
            for number in range(body.top_k)
        ]
        return RecommendResponse(recommendations=places, search_mode="nearby", unresolved=[])

    return Case("recommend", "POST", "/recommend", RecommendRequest, RecommendResponse, rule)


CASES = {"health": health, "login": login, "recommend": recommend}
