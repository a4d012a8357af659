"""Which landmark a name means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.names import Names, fold
from tests.unit.recommend.conftest import LANDMARKS, place

NAMES = Names(LANDMARKS)


@pytest.mark.parametrize(
    "typed",
    ["Eiffel Tower", "eiffel tower", "THE EIFFEL TOWER", "la tour eiffel", "tour  Eiffel",
     "eiffel-tower", "Tóur Eiffél", " Eiffel Tower. "],
)  # fmt: skip
def test_case_accents_articles_and_spaces_do_not_matter(typed: str) -> None:
    assert NAMES.find(typed) == 0


@pytest.mark.parametrize("typed", ["Musee d'Orsay", "musée d\u2019orsay", "le Musée d'Orsay"])
def test_apostrophes_and_accents_are_optional(typed: str) -> None:
    assert NAMES.find(typed) == 2


def test_an_unknown_name_is_not_guessed() -> None:
    assert NAMES.find("Eifel Tower") is None
    assert NAMES.find("...") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Eifel Tower", "Eiffel Tower"),
        ("Arch de Triomph", "Arc de Triomphe"),
        ("Palace of Versaille", "Palace of Versailles"),
        ("Bigben", "Big Ben"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(typed: str, meant: str) -> None:
    assert NAMES.suggest(typed)[0] == meant


def test_nonsense_gets_no_suggestion() -> None:
    assert NAMES.suggest("xqzwv kjhgf") == []
    assert NAMES.suggest("") == []


def test_names_of_other_scripts_are_found() -> None:
    names = Names([place("mzab", 32.5, 3.7, aliases=("وادي مزاب",))])
    assert names.find("وادي مزاب") == 0


def test_a_name_goes_before_an_alias_and_the_better_known_before_the_other() -> None:
    names = Names(
        [
            place("pantheon-paris", 48.8, 2.3, name="Pantheon", popularity=80),
            place("pantheon-rome", 41.9, 12.5, name="Panthéon", popularity=95),
            place("victoria-falls", -17.9, 25.9, aliases=("Pantheon",), popularity=100),
        ]
    )
    assert names.find("the pantheon") == 1


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_fold_as_they_do_beside_others(plain: str) -> None:
    assert fold(f"{plain} é") == f"{fold(plain)} e".strip()
