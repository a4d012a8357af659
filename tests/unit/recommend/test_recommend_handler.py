"""The routes of `recommend`, from the event that API Gateway sends to the answer it gets."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from common import keys
from common.table import Put
from recommend.history import StoredPredictions
from tests.fakes.events import load_event, read_json, signed_in_as, with_body
from tests.fakes.tables import InMemoryTable
from tests.unit.recommend.small_bundle import write_model_root

if TYPE_CHECKING:
    from types import ModuleType

EVENT = load_event("profile")
ASKED = {
    "itinerary_landmarks": ["Eiffel Tower"],
    "llava_description": "historic monument with architecture",
    "max_distance_km": 50,
    "top_k": 5,
}


@pytest.fixture(scope="module")
def handler(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODEL_ROOT", str(write_model_root(tmp_path_factory.mktemp("opt"))))
        return importlib.import_module("recommend.handler")


def call(
    handler: ModuleType, method: str, path: str, body: object = None, **query: str
) -> dict[str, Any]:
    context = EVENT["requestContext"]
    http = {**context["http"], "method": method, "path": path}
    event = {
        **EVENT,
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "queryStringParameters": query,
        "requestContext": {**context, "http": http},
    }
    answer: dict[str, Any] = handler.handle(event if body is None else with_body(event, body), None)
    return answer


def test_the_guides_request_gets_places_around_paris(handler: ModuleType) -> None:
    answer = call(handler, "POST", "/recommend", ASKED)
    assert answer["statusCode"] == 200
    body = read_json(answer)
    assert body["search_mode"] == "nearby"
    assert body["unresolved"] == []
    assert {one["landmark_id"] for one in body["recommendations"]} == {
        "arc-de-triomphe",
        "musee-d-orsay",
        "palace-of-versailles",
    }
    assert body["recommendations"][0].keys() == {
        "landmark_id", "landmark", "country", "city", "latitude", "longitude", "distance_km",
        "closest_itinerary_landmark", "similarity", "score", "reason", "description", "categories",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"latitude": 0.0, "longitude": -180.5}, "longitude"),
        ({"latitude": 1.0}, "body"),
        ({"max_distance_km": -1}, "max_distance_km"),
        ({"max_distance_km": 0}, "max_distance_km"),
        ({"max_distance_km": 1e300}, "max_distance_km"),
        ({"top_k": 0}, "top_k"),
        ({"top_k": 10_000}, "top_k"),
        ({"top_k": "5"}, "top_k"),
        ({"llava_description": "x" * 1_000_000}, "llava_description"),
        ({"itinerary_landmarks": ["Eiffel Tower"] * 101}, "itinerary_landmarks"),
        ({"itinerary_landmarks": ["x" * 201]}, "itinerary_landmarks.0"),
        ({"itinerary_landmarks": [" "]}, "itinerary_landmarks"),
        ({"itinerary_landmarks": "Eiffel Tower"}, "itinerary_landmarks"),
        ({"itinerary_landmarks": [], "llava_description": None}, "body"),
        ({"itinerary_landmarks": [], "llava_description": "  "}, "body"),
    ],
)
def test_fields_that_cannot_be_used_are_named(
    handler: ModuleType, changes: dict[str, Any], field: str
) -> None:
    answer = call(handler, "POST", "/recommend", ASKED | changes)
    assert answer["statusCode"] == 422
    assert [error["field"] for error in read_json(answer)["errors"]] == [field]
    assert len(answer["body"]) < 2000


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(handler: ModuleType, number: str) -> None:
    answer = call(handler, "POST", "/recommend", f'{{"latitude": {number}, "longitude": 0.0}}')
    assert answer["statusCode"] in {400, 422}


def test_unknown_names_alone_are_refused_with_suggestions(handler: ModuleType) -> None:
    answer = call(handler, "POST", "/recommend", {"itinerary_landmarks": ["Eifel Tower"]})
    problem = read_json(answer)
    assert (answer["statusCode"], problem["code"]) == (422, "landmarks_unknown")
    assert "Did you mean Eiffel Tower" in problem["errors"][0]["message"]


def test_a_prediction_is_read_from_its_owners_partition(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = InMemoryTable()
    monkeypatch.setattr(handler.recommender, "_history", StoredPredictions(table))
    prediction = {
        "recognised": True,
        "predictions": [{"landmark_id": "eiffel-tower", "confidence": 0.9}],
        "scene": [{"label": "tower", "confidence": 0.4}],
    }
    table.write(Put(keys.prediction("ada", "P1"), prediction))
    event = signed_in_as(EVENT, "ada")
    http = {**event["requestContext"]["http"], "method": "POST", "path": "/recommend"}
    event = {
        **event,
        "rawPath": "/recommend",
        "requestContext": {**event["requestContext"], "http": http},
    }
    answer = handler.handle(with_body(event, {"prediction_id": "P1"}), None)
    assert read_json(answer)["recommendations"][0]["closest_itinerary_landmark"] == "Eiffel Tower"
    answer = handler.handle(with_body(event, {"prediction_id": "P2"}), None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (404, "prediction_not_found")


def test_landmarks_are_listed_and_shown(handler: ModuleType) -> None:
    listed = read_json(call(handler, "GET", "/landmarks", country="FR", limit="1"))
    assert (listed["total"], len(listed["landmarks"])) == (4, 1)
    assert listed["cursor"]
    shown = call(handler, "GET", "/landmarks/eiffel-tower")
    assert read_json(shown)["aliases"] == ["La Tour Eiffel", "Tour Eiffel"]
    missing = call(handler, "GET", "/landmarks/nowhere")
    assert (missing["statusCode"], read_json(missing)["code"]) == (404, "landmark_not_found")
    wrong = call(handler, "GET", "/landmarks", near="nan,nan")
    assert (wrong["statusCode"], read_json(wrong)["code"]) == (422, "invalid_fields")


def test_answers_are_json_documents(handler: ModuleType) -> None:
    assert json.loads(call(handler, "GET", "/landmarks")["body"])["total"] == 7
