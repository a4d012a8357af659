from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalogue_build.check import check_identity
from catalogue_build.distance import distance_km, pairs_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalogue_build.landmark import Landmark


def faults(landmarks: list[Landmark]) -> list[tuple[str, str]]:
    return [(landmarks[at].id, reason) for at, reason in check_identity(landmarks)]


def test_no_id_name_or_place_is_there_twice(landmarks: list[Landmark]) -> None:
    assert faults(landmarks) == []


@pytest.mark.parametrize(
    ("landmark_id", "change", "reason"),
    [
        ("eiffel-tower", {"name": "Iron Tower", "aliases": []}, "id is there already"),
        (
            "sagrada-familia",
            {"id": "basilica", "name": "SAGRADA  FAMILIA", "aliases": [], "latitude": 41.9},
            "belongs to sagrada-familia",
        ),
        (
            "eiffel-tower",
            {"id": "other", "name": "Quite Other", "aliases": ["Colosséum"], "latitude": 45.0},
            "belongs to colosseum",
        ),
        (
            "louvre-museum",
            {"id": "louvre-2", "name": "The Louvre Museum of Paris", "aliases": []},
            "is louvre-museum, 0 m away",
        ),
        (
            "colosseum",
            {
                "id": "colosseum-2",
                "name": "Colosseum Amphitheatre",
                "aliases": [],
                "latitude": 41.9,
            },
            "is colosseum, ",
        ),
    ],
)
def test_a_repeated_entry_is_found(
    landmarks: list[Landmark],
    named: Callable[..., Landmark],
    landmark_id: str,
    change: dict[str, object],
    reason: str,
) -> None:
    bad = named(landmark_id, **change)
    found = faults([*landmarks, bad])
    assert any(who == bad.id and reason in why for who, why in found), found


def test_no_alias_differs_from_its_own_name_by_accents_alone_unless_asked_for(
    landmarks: list[Landmark], wanted_spellings: set[str], named: Callable[..., Landmark]
) -> None:
    noise = {
        landmark.id: idle
        for landmark in landmarks
        if (idle := set(landmark.accent_only_aliases()) - wanted_spellings)
    }
    assert noise == {}
    bad = named("sagrada-familia", aliases=["Sagrada Fámilia"])
    assert bad.accent_only_aliases() == ["Sagrada Fámilia"]


def test_close_pairs_are_found_across_the_date_line_and_at_the_poles(
    named: Callable[..., Landmark],
) -> None:
    places = [
        named("eiffel-tower", country=country, latitude=latitude, longitude=longitude)
        for country, latitude, longitude in [
            ("FJ", -16.8, 179.99),
            ("FJ", -16.8, -179.99),
            ("AQ", -89.99, 10.0),
            ("AQ", -89.99, -170.0),
            ("FR", 48.8584, 2.2945),
            ("FR", 48.8606, 2.3376),
        ]
    ]
    found = {(one, other) for one, other, _ in pairs_within(places, 5.0)}
    every = {
        (one, other)
        for other in range(len(places))
        for one in range(other)
        if distance_km(places[one], places[other]) <= 5.0
    }
    assert found == every == {(0, 1), (2, 3), (4, 5)}
    assert distance_km(places[4], places[5]) == pytest.approx(3.166, abs=0.01)
