"""The local answer reads like something a person would write, and claims no more than is known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from describe.catalogue import Catalogue, Place
from describe.wording import _scenes, describe_prediction
from tests.unit.describe.conftest import FewPlaces

OPT = Path(__file__).parents[3] / "model_layer" / "opt"
LABELS: list[str] = json.loads((OPT / "models/classifier/scene_labels.json").read_text())
COLOSSEUM = Place(
    "Colosseum", "Rome", "IT", ("amphitheatre",), "Four storeys of arches curve into an oval."
)
FALLS = Place("Niagara Falls", "Niagara Falls", "CA", ("waterfall",), "Water falls.")
OTHER_FALLS = Place("Victoria Falls", "Victoria Falls", "ZW", ("waterfall",), "Water falls.")
TOWER = Place("Eiffel Tower", "Paris", "FR", ("tower", "viewpoint"), "Iron.")
SKYSCRAPER = Place("Burj Khalifa", "Dubai", "AE", ("skyscraper",), "Tall.")
GOLDEN_GATE = Place("Golden Gate Bridge", "San Francisco", "US", ("bridge",), "Red.")
BOSPHORUS = Place("Bosphorus Bridge", "Istanbul", "TR", ("bridge",), "Long.")
PLACES = FewPlaces(
    **{"golden-gate": GOLDEN_GATE},
    bosphorus=BOSPHORUS,
    colosseum=COLOSSEUM,
    niagara=FALLS,
    victoria=OTHER_FALLS,
    eiffel=TOWER,
    burj=SKYSCRAPER,
)
UNKNOWN = "I do not know this place"


def guess(landmark_id: str, confidence: float) -> dict[str, Any]:
    return {
        "landmark_id": landmark_id,
        "landmark": landmark_id.title(),
        "confidence": confidence,
        "country": "IT",
        "city": "Rome",
    }


def tags(**confidences: float) -> list[dict[str, Any]]:
    return [
        {"label": label.replace("_", " "), "confidence": confidence}
        for label, confidence in confidences.items()
    ]


def described(scene: list[dict[str, Any]], *guesses: dict[str, Any], level: str = "low") -> str:
    prediction = {
        "recognised": level != "low",
        "confidence_level": level,
        "predictions": list(guesses) or [guess("colosseum", 0.1)],
        "scene": scene,
        "model_version": "v",
    }
    return describe_prediction(prediction, PLACES)


@pytest.mark.parametrize(
    ("level", "beginning"),
    [
        ("high", "This is the Colosseum in Rome, Italy. Four storeys"),
        ("medium", "This looks like the Colosseum in Rome, Italy. Four storeys"),
    ],
)
def test_a_known_landmark_is_named_with_what_one_sees_there(level: str, beginning: str) -> None:
    sentence = described(tags(castle=0.9), guess("colosseum", 0.99), level=level)
    assert sentence.startswith(beginning)
    assert sentence.endswith("an oval.")


def test_a_landmark_that_the_catalogue_does_not_have_is_named_all_the_same() -> None:
    assert described([], guess("pisa", 0.9), level="high") == "This is Pisa in Rome, Italy."


@pytest.mark.parametrize(
    ("scene", "sentence"),
    [
        (tags(suspension_bridge=0.8), "The photo shows a suspension bridge."),
        (tags(suspension_bridge=0.45), "It looks like a suspension bridge."),
        (tags(suspension_bridge=0.12), "It might be a suspension bridge."),
        (
            tags(suspension_bridge=0.4, pier=0.3),
            "It looks like a suspension bridge or a pier.",
        ),
        (tags(suspension_bridge=0.4, pier=0.1), "It looks like a suspension bridge."),
        (tags(suspension_bridge=0.55, pier=0.4), "The photo shows a suspension bridge."),
        (tags(castle=0.3, lakeside=0.2), "It looks like a castle, by a lake."),
        (tags(lakeside=0.3, castle=0.2), "It looks like a lake shore, perhaps with a castle."),
        (tags(lakeside=0.3, castle=0.25), "It looks like a castle, by a lake."),
        (tags(valley=0.3, alp=0.2), "It looks like a valley, among high mountains."),
        (tags(castle=0.3, cliff=0.05), "It looks like a castle."),
        (tags(megalith=0.6), "The photo shows standing stones."),
        (tags(golden_retriever=0.7), "The photo shows a golden retriever."),
        (tags(umbrella=0.7), "The photo shows an umbrella."),
        (tags(unicycle=0.7), "The photo shows a unicycle."),
        (tags(hourglass=0.7), "The photo shows an hourglass."),
        (tags(European_fire_salamander=0.7), "The photo shows a European fire salamander."),
        (tags(guacamole=0.7), "The photo shows guacamole."),
        (tags(bakery=0.15, toyshop=0.15, grocery_store=0.15), "It looks like a shop or a bakery."),
    ],
)
def test_an_unknown_place_is_described_by_what_it_shows(
    scene: list[dict[str, Any]], sentence: str
) -> None:
    assert described(scene) == f"{UNKNOWN}. {sentence}"


@pytest.mark.parametrize(
    "scene",
    [
        [],
        tags(castle=0.05),
        tags(golden_retriever=0.4),
        tags(web_site=0.9),
        tags(jigsaw_puzzle=0.9, monitor=0.08),
    ],
)
def test_faint_and_misleading_tags_are_not_repeated(scene: list[dict[str, Any]]) -> None:
    assert described(scene) == f"{UNKNOWN}, and cannot make out what the photo shows."


def test_landmarks_that_have_something_in_common_say_what_an_unknown_place_is() -> None:
    falls = guess("niagara", 0.5), guess("victoria", 0.4), guess("colosseum", 0.1)
    assert described(tags(cliff=0.1), *falls) == (
        f"{UNKNOWN}. It looks like a waterfall, by a cliff."
    )
    tall = guess("eiffel", 0.5), guess("burj", 0.4)
    assert described([], *tall) == f"{UNKNOWN}. It looks like a tower."


def test_what_landmarks_have_in_common_strengthens_the_exact_word_of_the_scene() -> None:
    crossings = [guess("golden-gate", 0.5), guess("bosphorus", 0.4)]
    assert described(tags(suspension_bridge=0.1), *crossings) == (
        f"{UNKNOWN}. It looks like a suspension bridge."
    )
    assert described(tags(promontory=0.04), *crossings) == f"{UNKNOWN}. It looks like a bridge."


def test_landmarks_that_are_unlikely_say_nothing() -> None:
    unlikely = guess("niagara", 0.3), guess("victoria", 0.2), guess("colosseum", 0.2)
    assert "waterfall" not in described([], *unlikely)


def test_every_phrase_is_of_a_label_that_the_classifier_has() -> None:
    scenes = _scenes()
    named = {*scenes["structures"], *scenes["landscapes"], *scenes["never"]}
    assert {*named, *scenes["without_article"]} <= set(LABELS)
    assert not named & set(scenes["without_article"])


@given(
    st.lists(
        st.tuples(st.sampled_from(LABELS), st.floats(0.01, 1)), max_size=5, unique_by=lambda t: t[0]
    ),
    st.lists(st.tuples(st.sampled_from([*PLACES.places, "?"]), st.floats(0, 1)), max_size=5),
    st.sampled_from(["high", "medium", "low"]),
)
def test_whatever_was_seen_the_answer_is_whole_sentences(
    scene: list[tuple[str, float]], guesses: list[tuple[str, float]], level: str
) -> None:
    listed = [{"label": label, "confidence": confidence} for label, confidence in scene]
    sentence = described(listed, *(guess(*one) for one in guesses), level=level)
    assert re.fullmatch(r"[A-Z].*[^ ,.]\.", sentence)
    assert "  " not in sentence
    # "A European", but "an hourglass": a vowel is what is heard.
    assert not re.search(r"\b(a (?!eu)[aeio]|an (?!hour)[^aeiou])", sentence, re.IGNORECASE)


class TestCatalogue:
    """The catalogue that ships."""

    def test_it_knows_the_classifiers_landmarks(self) -> None:
        catalogue = Catalogue(OPT / "data" / "landmarks_unified.json")
        classes = json.loads((OPT / "models/classifier/classes.json").read_text())
        found = catalogue.find("colosseum")
        assert found is not None
        assert (found.name, found.city, found.country) == ("Colosseum", "Rome", "IT")
        assert all(catalogue.find(entry["id"]) for entry in classes)
        assert catalogue.find("nowhere") is None

    @pytest.mark.parametrize("content", ["", "[{}]", "{", "[1]"])
    def test_without_it_photos_are_described_all_the_same(
        self,
        tmp_path: Path,
        content: str,
    ) -> None:
        path = tmp_path / "landmarks_unified.json"
        path.write_text(content)
        assert Catalogue(path).find("colosseum") is None
        assert Catalogue(tmp_path / "absent.json").find("colosseum") is None
