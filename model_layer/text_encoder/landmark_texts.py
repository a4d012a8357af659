"""What of a landmark's entry is encoded, and what is indexed by its words.

An entry says well what is there; `phrases.csv` says in plain words what people remember of a
place and what a photo of it shows, which is what they search with. Both count alike.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue_build.countries import country_boxes
from recommend.wording import count_words

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from recommend.catalogue import Landmark

PHRASES = Path(__file__).parent / "phrases.csv"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def weighted_texts(place: Landmark) -> list[tuple[str, float]]:
    """Return the texts whose vectors, so weighted, make up that of `place`.

    As much as each other count: the whole entry; its sentences, each of which one may have in mind
    alone; its phrases; and these with what kinds of place it is. Measured: see docs/recommend.md.
    """
    whole = f"{place.name}, {place.city}, {_country(place)}. {kinds(place)}. {place.description}"
    sentences = _SENTENCE_END.split(place.description)
    texts = [(whole, 1.0), *((sentence, 1 / len(sentences)) for sentence in sentences)]
    phrases = read_phrases().get(place.landmark_id)
    if phrases is not None:
        texts += [(phrases, 1.0), (f"{kinds(place)}, {phrases}", 1.0)]
    return texts


def words(place: Landmark) -> Counter[str]:
    """Return the words that `place` is found by."""
    return count_words(
        [
            (text, 1)
            for text in (
                place.description,
                read_phrases().get(place.landmark_id, ""),
                " ".join((place.name, *place.aliases)),
                f"{place.city} {_country(place)} {kinds(place)}",
            )
        ]
    )


def kinds(place: Landmark) -> str:
    """Return what kinds of place it is, in words."""
    return ", ".join(place.categories).replace("-", " ")


@cache
def read_phrases() -> Mapping[str, str]:
    """Return the phrases by the landmark's id; a landmark needs none."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return {row["landmark_id"]: row["phrases"] for row in csv.DictReader(file)}


def _country(place: Landmark) -> str:
    boxes = country_boxes().get(place.country)
    # The first box of the United States is of their contiguous part.
    return boxes[0].name.removeprefix("Contiguous ") if boxes else place.country
