"""Lists of landmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.cursors import Cursors
from common.errors import InvalidFields, LandmarkNotFound
from recommend.browse import Browser
from recommend.catalogue import Catalogue
from recommend.models import LandmarksQuery
from tests.unit.recommend.conftest import LANDMARKS, place

if TYPE_CHECKING:
    from recommend.models import LandmarksResponse

CURSORS = Cursors("unit-tests")
BROWSER = Browser(Catalogue(LANDMARKS), CURSORS)


def ask(query: dict[str, str], browser: Browser = BROWSER) -> LandmarksResponse:
    return browser.page(LandmarksQuery.model_validate(query))


def ids(page: LandmarksResponse) -> list[str]:
    return [one.landmark_id for one in page.landmarks]


def test_the_best_known_come_first() -> None:
    page = ask({})
    assert page.total == 7
    assert ids(page)[:2] == ["eiffel-tower", "big-ben"]
    assert page.cursor is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "tour EIFFEL"}, ["eiffel-tower"]),
        ({"q": "orsay"}, ["musee-d-orsay"]),
        ({"q": "versailles"}, ["palace-of-versailles"]),
        ({"country": "gb"}, ["big-ben"]),
        ({"category": "garden"}, ["palace-of-versailles"]),
        ({"q": "tower", "country": "GB"}, []),
    ],
)
def test_filters(query: dict[str, str], expected: list[str]) -> None:
    assert ids(ask(query)) == expected


def test_a_name_goes_before_a_part_of_one() -> None:
    places = [place("a", 0, 0, name="Old Tower", popularity=99), place("b", 0, 0, name="Tower")]
    browser = Browser(Catalogue(places), CURSORS)
    assert ids(ask({"q": "tower"}, browser)) == ["b", "a"]


def test_near_sorts_by_distance() -> None:
    page = ask({"near": "51.5,-0.12", "limit": "2"})
    assert ids(page) == ["big-ben", "arc-de-triomphe"]
    assert page.landmarks[0].distance_km is not None
    assert page.landmarks[0].distance_km < 1


@given(
    st.lists(st.integers(1, 8), min_size=len(LANDMARKS), max_size=len(LANDMARKS)),
    st.fixed_dictionaries(
        {},
        optional={
            "near": st.sampled_from(["48.9,2.3", "-90,0", "0,180"]),
            "country": st.sampled_from(["FR", "GB", "IT"]),
            "category": st.sampled_from(["tower", "monument", "garden"]),
            "q": st.sampled_from(["tower", "de", "museum"]),
        },
    ),
)
def test_pages_of_any_size_hold_what_one_page_holds_in_its_order(
    limits: list[int], filters: dict[str, str]
) -> None:
    whole = ask({"limit": "50", **filters})
    assert whole.cursor is None
    seen: list[str] = []
    query = dict(filters)
    for limit in limits:
        page = ask({**query, "limit": str(limit)})
        assert len(page.landmarks) <= limit
        assert page.total == whole.total
        seen += ids(page)
        if page.cursor is None:
            break
        query["cursor"] = page.cursor
    assert page.cursor is None
    assert seen == ids(whole)
    assert filters or sorted(seen) == sorted(one.landmark_id for one in LANDMARKS)


@pytest.mark.parametrize(
    "change", [{"country": "FR"}, {"q": "tower"}, {"category": "tower"}, {"near": "48.9,2.3"}]
)
def test_a_cursor_belongs_to_its_filters(change: dict[str, str]) -> None:
    cursor = ask({"limit": "1"}).cursor
    assert cursor is not None
    with pytest.raises(InvalidFields, match="see errors") as refused:
        ask({"limit": "1", "cursor": cursor} | change)
    assert [error.field for error in refused.value.errors] == ["cursor"]


def test_the_categories_there_are_are_told() -> None:
    with pytest.raises(InvalidFields) as refused:
        ask({"category": "nonsense"})
    assert "garden, island, monument" in refused.value.errors[0].message


def test_a_landmark_is_shown_by_its_id_alone() -> None:
    assert BROWSER.show("big-ben").landmark == "Big Ben"
    with pytest.raises(LandmarkNotFound):
        BROWSER.show("Big Ben")
