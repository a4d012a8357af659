from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalogue_build.check import check_prose
from catalogue_build.prose import faults_of_description, recurring, split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalogue_build.landmark import Landmark

PLAIN = (
    "Two grey towers of rough stone stand over a harbour full of red and blue boats, where nets dry"
    " along the quay. Climb the worn stairs of the northern one, and the whole bay opens below,"
    " from the salt pans to the lighthouse."
)


def test_descriptions_are_well_formed_and_none_repeats_another(landmarks: list[Landmark]) -> None:
    found = [(landmarks[at].id, reason) for at, reason in check_prose(landmarks)]
    assert found == []


def test_a_good_description_has_no_fault() -> None:
    assert list(faults_of_description(PLAIN)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Too short. By far.", "18 characters"),
        (PLAIN + " " + PLAIN, "characters"),
        (PLAIN.replace(". Climb", ", and climb"), "1 sentences"),
        (PLAIN.replace(", and", ". And").replace(", where", ". Where"), "4 sentences"),
        (PLAIN.replace("grey", "iconic grey"), "'iconic'"),
        (PLAIN.replace("stand over", "are nestled over"), "'nestled'"),
        (PLAIN.replace("grey", "grey "), "loose spaces"),
        (PLAIN.removesuffix("."), "without its end"),
    ],
)
def test_a_badly_formed_description_is_found(text: str, reason: str) -> None:
    assert any(reason in fault for fault in faults_of_description(text))


def test_sentences_do_not_end_at_initials_and_titles() -> None:
    text = "I. M. Pei built it beside St. Mary's church. Dr. Faust came later."
    assert len(split_sentences(text)) == 2


def test_one_description_given_to_two_places_is_found(
    landmarks: list[Landmark], named: Callable[..., Landmark]
) -> None:
    copied = named("eiffel-tower", id="other-tower", description=landmarks[0].description)
    faulty = {fault.position for fault in check_prose([*landmarks, copied])}
    assert faulty == {0, len(landmarks)}


def test_texts_filled_into_a_pattern_are_found(
    landmarks: list[Landmark], named: Callable[..., Landmark]
) -> None:
    things = [("castle", "river"), ("abbey", "plain"), ("tower", "harbour"), ("palace", "square")]
    pattern = (
        "This {thing} of pale limestone looks over the {place} and is known for its long halls,"
        " which visitors see on a walk through the oldest of the wings. Come in the morning when"
        " the light falls on the {place}."
    )
    filled = [
        named(
            "eiffel-tower",
            id=f"filled-{thing}",
            description=pattern.format(thing=thing, place=place),
        )
        for thing, place in things
    ]
    faulty = {fault.position for fault in check_prose([*landmarks, *filled])}
    assert faulty == set(range(len(landmarks), len(landmarks) + len(filled)))


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        (
            [f"It was put up {end}" for end in ("by monks", "for a king", "in haste", "at sea")],
            "the opening",
        ),
        (
            [
                f"Built by {name} in {year}00 by hand"
                for year, name in enumerate(("Otto", "Anna", "Ivan", "Emma"), 12)
            ],
            "the opening",
        ),
        (
            [
                "Grey walls of old stone rise from the calm water",
                "Blue domes of glazed tile shine from the busy square",
                "Tall pines of great age lean from the steep bank",
            ],
            "the skeleton",
        ),
        (
            [
                "The roof of the hall is over the river and its mill",
                "The long roof of the hall is over the green river and its mill",
                "The roof of the hall is high over the river and its brown mill",
                "The roof of the old hall is over the river and its tall mill wheel",
            ],
            "the function words",
        ),
    ],
)
def test_recurring_constructions_are_found(texts: list[str], what: str) -> None:
    found = [(position, reason) for position, reason in recurring(texts) if what in reason]
    assert {position for position, _ in found} == set(range(len(texts)))
