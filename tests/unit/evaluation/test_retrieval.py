"""Whether words find landmarks in the bundle that ships, and the judged cases hold."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from evaluation.judging import judge, read_cases
from evaluation.mistyping import mistype
from evaluation.retrieval import (
    OPT,
    SETS,
    default_weights,
    find,
    read_queries,
    recommender_of,
    summarise,
)
from recommend.bundle import Bundle
from recommend.names import fold
from text_encoder.exporting import sha256_of
from text_encoder.landmark_texts import PHRASES, read_phrases

if TYPE_CHECKING:
    from recommend.recommender import Recommender

# Some points below what was measured: see docs/recommend.md.
FLOORS = {"queries": (0.93, 0.98, 0.99), "queries_hard": (0.87, 0.95, 0.97)}

bundle = Bundle(OPT, "minilm", 2)


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return recommender_of(bundle, default_weights())


@pytest.mark.parametrize("name", SETS)
def test_words_find_landmarks_that_no_setting_was_chosen_for(
    recommender: Recommender, name: str
) -> None:
    figures = summarise(
        find(recommender, [query for query in read_queries(name) if query["split"] == "test"])
    )
    reached = (figures.top_1, figures.top_5, figures.top_10)
    assert all(share >= floor for share, floor in zip(reached, FLOORS[name], strict=True)), figures


def test_the_judged_cases_hold(recommender: Recommender) -> None:
    cases = read_cases()
    assert len(cases) >= 25
    assert judge(recommender, cases) == []


def test_a_wrong_answer_is_told(recommender: Recommender) -> None:
    case = {
        "name": "wrong",
        "request": {"llava_description": "penguins on a beach between boulders", "top_k": 2},
        "expect_any_of": ["louvre-museum"],
        "expect_at_least": 1,
        "must_not_contain": ["boulders-beach"],
    }
    faults = judge(recommender, [case])
    assert len(faults) == 2
    assert "0 of 1 expected" in faults[0]
    assert "boulders-beach" in faults[1]


def test_ranks_sum_up_to_shares() -> None:
    figures = summarise(np.array([1.0, 5.0, 10.0, np.inf]))
    assert (figures.queries, figures.top_1, figures.top_5, figures.top_10) == (4, 0.25, 0.5, 0.75)
    assert figures.mean_reciprocal_rank == pytest.approx((1 + 0.2 + 0.1) / 4)
    assert figures.missed() == ["top_1", "top_5", "top_10"]


@pytest.mark.parametrize("name", SETS)
def test_queries_do_not_name_what_they_look_for(name: str) -> None:
    for query in read_queries(name):
        place = bundle.catalogue.landmarks[bundle.catalogue.positions[query["landmark_id"]]]
        text = f" {fold(query['query'])} "
        named = [one for one in (place.name, *place.aliases) if f" {fold(one)} " in text]
        assert not named, query


def test_no_landmark_is_in_both_halves() -> None:
    splits: dict[str, set[str]] = {}
    for name in SETS:
        for query in read_queries(name):
            splits.setdefault(query["landmark_id"], set()).add(query["split"])
    assert Counter(len(halves) for halves in splits.values()) == {1: len(splits)}


def test_phrases_are_of_landmarks_that_exist_and_name_none() -> None:
    for landmark_id, phrases in read_phrases().items():
        position = bundle.catalogue.positions[landmark_id]
        assert fold(bundle.catalogue.landmarks[position].name) not in fold(phrases)


def test_the_vectors_were_made_with_these_phrases() -> None:
    about = json.loads((OPT / "data" / "landmarks_minilm_embeddings.json").read_text())
    assert about["phrases_sha256"] == sha256_of(PHRASES)


def test_mistyped_texts_are_the_same_every_time_and_keep_short_words() -> None:
    text = "a tall stone lighthouse above the sea with painted stripes and seagulls"
    mistyped = mistype(text, 7)
    assert mistyped == mistype(text, 7) != text
    pairs = list(zip(text.split(), mistyped.split(), strict=True))
    assert all(typed == word for word, typed in pairs if len(word) < 5)
    assert all(typed[0] == word[0] and abs(len(typed) - len(word)) <= 1 for word, typed in pairs)
