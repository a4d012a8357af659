"""What of a landmark's entry is encoded, and what is indexed by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue_build.countries import country_boxes
from recommend.wording import count_words

if TYPE_CHECKING:
    from collections import Counter

    from recommend.catalogue import Landmark

# How often a word counts by where it stands. Visitors describe more than they name.
DESCRIPTION_TIMES = 2
OTHER_TIMES = 1


def views(place: Landmark) -> list[str]:
    """Return the texts whose vectors stand for `place`: one in all."""
    whole = f"{place.name}, {place.city}, {_country(place)}. {kinds(place)}. {place.description}"
    return [whole]


def words(place: Landmark) -> Counter[str]:
    """Return the words that `place` is found by."""
    return count_words(
        [
            (place.description, DESCRIPTION_TIMES),
            (" ".join((place.name, *place.aliases)), OTHER_TIMES),
            (f"{place.city} {_country(place)} {kinds(place)}", OTHER_TIMES),
        ]
    )


def kinds(place: Landmark) -> str:
    """Return what kinds of place it is, in words."""
    return ", ".join(place.categories).replace("-", " ")


def _country(place: Landmark) -> str:
    boxes = country_boxes().get(place.country)
    return boxes[0].name if boxes else place.country
