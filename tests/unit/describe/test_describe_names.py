"""Names stand in a sentence as people write them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from describe.names import _countries, is_plural, landmark_phrase, place_phrase

OPT = Path(__file__).parents[3] / "model_layer" / "opt"


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Colosseum", "the Colosseum"),
        ("Eiffel Tower", "the Eiffel Tower"),
        ("Statue of Liberty", "the Statue of Liberty"),
        ("Taj Mahal", "the Taj Mahal"),
        ("Golden Gate Bridge", "the Golden Gate Bridge"),
        ("Tower Bridge", "Tower Bridge"),
        ("Cologne Cathedral", "Cologne Cathedral"),
        ("Machu Picchu", "Machu Picchu"),
        ("Times Square", "Times Square"),
        ("Mount Fuji", "Mount Fuji"),
        ("The Shard", "the Shard"),
        ("Pantheon, Rome", "the Pantheon"),
        ("St Stephen's Cathedral (Vienna)", "St Stephen's Cathedral"),
        ("(1)", "(1)"),
    ],
)
def test_a_name_has_an_article_where_english_wants_one(name: str, phrase: str) -> None:
    assert landmark_phrase(name) == phrase


@pytest.mark.parametrize(
    ("name", "city", "country", "phrase"),
    [
        ("Colosseum", "Rome", "IT", " in Rome, Italy"),
        ("Cologne Cathedral", "Cologne", "DE", " in Germany"),
        ("Niagara Falls", "Niagara Falls, Ontario", "CA", " in Canada"),
        ("Pantheon, Rome", "Rome", "IT", " in Rome, Italy"),
        ("Burj Khalifa", "Dubai", "AE", " in Dubai, United Arab Emirates"),
        ("London Eye", "London", "GB", " in the United Kingdom"),
        ("Merlion", "Singapore", "SG", " in Singapore"),
        ("Great Wall of China", None, "CN", ""),
        ("Alpha", "Rome", None, " in Rome"),
        ("Alpha", None, None, ""),
        ("Alpha", "Rome", "??", " in Rome"),
    ],
)
def test_a_place_is_told_without_saying_anything_twice(
    name: str, city: str | None, country: str | None, phrase: str
) -> None:
    assert place_phrase(name, city, country) == phrase


def test_several_things_are_plural() -> None:
    assert is_plural("Pyramids of Giza")
    assert is_plural("Moai of Easter Island")
    assert not is_plural("Niagara Falls")
    assert not is_plural("Colosseum")


def test_every_country_of_the_catalogue_has_a_name() -> None:
    catalogue = json.loads((OPT / "data" / "landmarks_unified.json").read_text())
    assert {entry["country"] for entry in catalogue} <= set(_countries())
