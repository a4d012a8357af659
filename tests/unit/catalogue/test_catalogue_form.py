from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from catalogue_build.countries import country_boxes, lies_in
from catalogue_build.landmark import CATEGORIES, parse_landmark

if TYPE_CHECKING:
    from catalogue_build.landmark import Landmark

TOWER: dict[str, Any] = {
    "id": "eiffel-tower",
    "name": "Eiffel Tower",
    "aliases": ["Tour Eiffel"],
    "country": "FR",
    "city": "Paris",
    "latitude": 48.8584,
    "longitude": 2.2945,
    "categories": ["tower"],
    "unesco": True,
    "popularity": 100,
    "description": "An iron tower.",
}


def test_a_well_formed_entry_is_taken() -> None:
    landmark, reasons = parse_landmark(TOWER)
    assert landmark is not None
    assert not reasons


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "Eiffel-Tower"}, "id: "),
        ({"id": "tour-eiffél"}, "id: "),
        ({"id": "eiffel--tower"}, "id: "),
        ({"name": " Eiffel Tower"}, "name: "),
        ({"name": ""}, "name: "),
        ({"aliases": ["EIFFEL  TOWER"]}, "adds nothing"),
        ({"aliases": ["Tour Eiffel", "tour eiffel"]}, "adds nothing"),
        ({"country": "XX"}, "country: XX"),
        ({"city": ""}, "city: "),
        ({"latitude": -48.8584}, "outside FR"),
        ({"longitude": -2.2945, "latitude": 8.8584}, "outside FR"),
        ({"latitude": 2.2945, "longitude": 48.8584}, "outside FR"),
        ({"latitude": math.nan}, "latitude: "),
        ({"longitude": 181.0}, "longitude: "),
        ({"latitude": "48.8584"}, "latitude: "),
        ({"categories": []}, "categories: "),
        ({"categories": ["skyline"]}, "categories: unknown: skyline"),
        ({"categories": ["tower", "tower"]}, "categories: one is given twice"),
        ({"categories": ["tower", "monument", "bridge", "gate", "park"]}, "categories: "),
        ({"unesco": "yes"}, "unesco: "),
        ({"popularity": 101}, "popularity: "),
        ({"popularity": 99.5}, "popularity: "),
        ({"description": ""}, "description: "),
        ({"colour": "brown"}, "colour: "),
    ],
)
def test_an_ill_formed_entry_is_refused_with_the_reason(
    change: dict[str, Any], reason: str
) -> None:
    landmark, reasons = parse_landmark(TOWER | change)
    assert landmark is None
    assert any(reason in found for found in reasons), reasons


@pytest.mark.parametrize("field", sorted(TOWER))
def test_an_entry_without_a_field_is_refused_by_the_field_s_name(field: str) -> None:
    landmark, reasons = parse_landmark({key: TOWER[key] for key in TOWER if key != field})
    assert landmark is None
    assert any(found.startswith(field) for found in reasons)


@pytest.mark.parametrize(
    ("country", "latitude", "longitude"),
    [("FJ", -16.8, -179.9), ("RU", 66.2, -170.0), ("US", 21.3, -157.8), ("NZ", -43.95, -176.5)],
)
def test_countries_in_several_parts_or_across_the_date_line_hold_their_places(
    country: str, latitude: float, longitude: float
) -> None:
    assert lies_in(country, latitude, longitude)
    assert not lies_in(country, latitude, 0.0)


def test_boxes_are_boxes() -> None:
    for code, boxes in country_boxes().items():
        for box in boxes:
            assert -90 <= box.south < box.north <= 90, code
            assert -180 <= box.west <= 180, code
            assert -180 <= box.east <= 180, code
            assert box.west != box.east, code


def test_every_category_is_in_use(landmarks: list[Landmark]) -> None:
    used = {category for landmark in landmarks for category in landmark.categories}
    assert used == CATEGORIES
