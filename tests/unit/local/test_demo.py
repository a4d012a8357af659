"""What `make demo` prints."""

from __future__ import annotations

from pathlib import Path

from local.demo import list_guesses, quote, suggest

ANSWER = {
    "recognised": True,
    "landmark": "Colosseum",
    "confidence_level": "high",
    "predictions": [
        {"landmark": "Colosseum", "country": "IT", "city": "Rome", "confidence": 0.97},
        {"landmark": "Pantheon", "country": None, "confidence": 0.02},
    ],
    "scene": [{"label": "triumphal arch", "confidence": 0.4}],
    "latency_ms": 61.3,
    "model_version": "v1",
}


def test_a_recognised_photo_is_named_first() -> None:
    lines = list_guesses(Path("holiday/rome.jpg"), ANSWER).splitlines()
    assert lines[0] == "rome.jpg:"
    assert "Colosseum, Rome (high confidence)" in lines[1]
    assert "97.0%" in lines[2]
    assert "IT" in lines[2]
    assert "None" not in lines[3]
    assert "triumphal arch" in lines[4]


def test_an_unknown_place_is_called_unknown() -> None:
    text = list_guesses(Path("garden.jpg"), {**ANSWER, "recognised": False, "landmark": None})
    assert "not a landmark that the classifier knows" in text
    assert "None" not in text


def test_a_description_fills_short_lines_and_names_a_model_that_is_not_ours() -> None:
    words = "Four storeys of arches curve into a vast oval. " * 4
    local = {"description": words, "source": "local", "model": "v1"}
    title, *lines = quote(local).splitlines()[1:]
    assert title == "In words:"
    assert len(lines) > 1
    assert all(len(line) <= 90 for line in lines)
    assert " ".join(line.strip() for line in lines) == words.strip()
    assert "by org/llava" in quote({**local, "source": "llava", "model": "org/llava"})


def test_places_to_go_to_next_come_with_their_distance() -> None:
    places = [
        {"landmark": "Roman Forum", "city": "Rome", "distance_km": 0.52},
        {"landmark": "Pantheon, Rome", "city": "Rome", "distance_km": 1.6},
        {"landmark": "Hadrian's Villa", "city": "Tivoli", "distance_km": 25.4},
    ]
    lines = suggest(places).splitlines()
    assert "Roman Forum, Rome" in lines[-3]
    assert "0.5 km" in lines[-3]
    assert "Rome, Rome" not in lines[-2]
    assert "25.4 km" in lines[-1]
