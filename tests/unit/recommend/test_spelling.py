"""Which words are set right, and which are left alone."""

from __future__ import annotations

import pytest

from recommend.spelling import Spelling
from recommend.wording import stem

# Common words first, as in an encoder's vocabulary.
WORDS = (
    "with", "tall", "river", "tower", "building", "stone", "castle", "married", "carried", "desert",
    "dessert",
)  # fmt: skip
RANKS = {word: rank for rank, word in enumerate(WORDS)}
STEMS = {stem(word) for word in ("Eiffel", "tower", "building", "tallest", "desert", "chambord")}
SPELLING = Spelling(RANKS.get, {word.casefold() for word in STEMS})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tal bilding with stone", "tal building with stone"),
        ("talest towr in the desrt", "tallest tower in the desert"),
        ("stnoe by the riiver", "stone by the river"),
        ("eifel tower", "eiffel tower"),
    ],
)
def test_one_wrong_letter_is_set_right(typed: str, meant: str) -> None:
    assert SPELLING.correct(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "stone castle with a river",
        "Chambord, castle",  # the catalogue knows it, the encoder does not
        "married in the dessert",  # words are not made others that fit better
        "xqzwv castle with stone tower",
        "tower 1906, b52 and ño",
        "",
    ],
)
def test_what_is_known_or_like_nothing_is_left_alone(text: str) -> None:
    assert SPELLING.correct(text) == text


def test_a_text_of_another_language_is_left_alone() -> None:
    text = "un casttle tres ancien avec une towwer"
    assert SPELLING.correct(text) == text


def test_the_rest_of_the_text_stays_as_it_is_typed() -> None:
    assert SPELLING.correct("A STONE\ncastel—by the  river!") == "A STONE\ncastle—by the  river!"


def test_a_catalogue_word_goes_before_one_that_nothing_there_has() -> None:
    spelling = Spelling({"cash": 0, "cast": 1, "castle": 2}.get, {"castl"})
    assert spelling.correct("old castl xy zz") == "old castl xy zz"
    assert spelling.correct("old castke xy zz") == "old castle xy zz"
