"""Shared words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from recommend.wording import count_words, index_words, read_wording, stem, words_of, write_wording

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "A red lighthouse on granite rocks.",
    "Granite spires and alpine lakes.",
    "Mosaics of gold, painted in 1180.",
    "Lakes, islands, ferries.",
    "A square.",
    "A market.",
]
WORDING = index_words([count_words([(text, 1)]) for text in TEXTS])


def test_the_entry_with_the_words_comes_first() -> None:
    scores = WORDING.score("lighthouses standing on a granite rock")
    assert int(np.argmax(scores)) == 0
    assert 0 < scores[0] <= 1
    assert scores[2] == 0


def test_a_query_without_known_words_scores_nothing() -> None:
    assert not WORDING.score("").any()
    assert not WORDING.score("the of and").any()
    assert not WORDING.score("submarine").any()


def test_shared_words_are_those_typed_rarest_first() -> None:
    assert WORDING.shared_words("Granite and LIGHTHOUSES", 0) == ["lighthouses", "granite"]
    assert WORDING.shared_words("ferries", 0) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("churches", "church"), ("carved", "carving"), ("painted", "paint"), ("ferries", "ferry"),
     ("terraces", "terrace"), ("gilded", "gild"), ("stepped", "step"), ("glass", "glass")],
)  # fmt: skip
def test_inflected_words_are_one(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_accents_and_case_do_not_matter() -> None:
    assert words_of("GÁUDÍ façades") == words_of("gaudi facade")


def test_an_index_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    write_wording(path, WORDING)
    again = read_wording(path)
    query = "gold mosaics by a lake"
    np.testing.assert_allclose(again.score(query), WORDING.score(query), rtol=1e-3)
