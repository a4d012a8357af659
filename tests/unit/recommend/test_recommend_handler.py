"""The routes of `recommend`, from the event that API Gateway sends to the answer it gets."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import keys
from common.errors import Unavailable
from common.predictions import Predictions
from common.table import Put
from tests.fakes.events import load_event, read_json, signed_in_as, with_body
from tests.fakes.log_queries import unanswered
from tests.fakes.tables import FaultyTable, InMemoryTable
from tests.unit.recommend.small_bundle import write_model_root

if TYPE_CHECKING:
    import io
    from pathlib import Path
    from types import ModuleType

RECOMMEND, LANDMARKS, LANDMARK = (
    load_event(name) for name in ("recommend", "landmarks", "landmark")
)
ASKED: dict[str, Any] = json.loads(RECOMMEND["body"])
PREDICTION = {
    "recognised": True,
    "predictions": [{"landmark_id": "eiffel-tower", "confidence": 0.9}],
    "scene": [{"label": "tower", "confidence": 0.4}],
}
# Any JSON value, and numbers that are none.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def model_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model_root(tmp_path_factory.mktemp("opt"))


@pytest.fixture(scope="module")
def handler(model_root: Path) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODEL_ROOT", str(model_root))
        patch.setattr("common.table.DynamoTable", lambda _name: InMemoryTable())
        return importlib.import_module("recommend.handler")


@pytest.fixture
def table(handler: ModuleType, monkeypatch: pytest.MonkeyPatch) -> InMemoryTable:
    """Return the table, holding a prediction of ada's; like DynamoDB's, it may lag."""
    table = InMemoryTable(lagging=True)
    table.write(Put(keys.prediction("ada", "P1"), PREDICTION))
    monkeypatch.setattr(handler.recommender, "_history", Predictions(table))
    return table


def ask(handler: ModuleType, body: object) -> dict[str, Any]:
    answer: dict[str, Any] = handler.handle(with_body(RECOMMEND, body), None)
    return answer


def browse(handler: ModuleType, **query: str) -> dict[str, Any]:
    answer: dict[str, Any] = handler.handle({**LANDMARKS, "queryStringParameters": query}, None)
    return answer


def show(handler: ModuleType, landmark_id: str) -> dict[str, Any]:
    event = {
        **LANDMARK,
        "rawPath": f"/landmarks/{landmark_id}",
        "pathParameters": {"landmark_id": landmark_id},
    }
    answer: dict[str, Any] = handler.handle(event, None)
    return answer


def test_the_guides_request_gets_places_around_paris(handler: ModuleType) -> None:
    answer = handler.handle(RECOMMEND, None)
    assert answer["statusCode"] == 200
    assert answer["headers"]["cache-control"] == "no-store"
    body = read_json(answer)
    assert body.keys() == {"recommendations", "search_mode", "unresolved"}
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
        ({"latitude": -90.001, "longitude": 0.0}, "latitude"),
        ({"latitude": 0.0, "longitude": -180.5}, "longitude"),
        ({"latitude": 1.0}, "body"),
        ({"longitude": 1.0}, "body"),
        ({"latitude": True, "longitude": 0.0}, "latitude"),
        ({"latitude": "48.9", "longitude": 0.0}, "latitude"),
        ({"latitude": 10**400, "longitude": 0.0}, "latitude"),
        ({"max_distance_km": -1}, "max_distance_km"),
        ({"max_distance_km": 0}, "max_distance_km"),
        ({"max_distance_km": False}, "max_distance_km"),
        ({"max_distance_km": "50"}, "max_distance_km"),
        ({"max_distance_km": 1e300}, "max_distance_km"),
        ({"top_k": 0}, "top_k"),
        ({"top_k": -5}, "top_k"),
        ({"top_k": 10_000}, "top_k"),
        ({"top_k": "5"}, "top_k"),
        ({"top_k": True}, "top_k"),
        ({"top_k": 2.5}, "top_k"),
        ({"top_k": None}, "top_k"),
        ({"llava_description": "x" * 1_000_000}, "llava_description"),
        ({"llava_description": ["a tower"]}, "llava_description"),
        ({"itinerary_landmarks": ["Eiffel Tower"] * 101}, "itinerary_landmarks"),
        ({"itinerary_landmarks": [""] * 100_000}, "itinerary_landmarks"),
        ({"itinerary_landmarks": ["x" * 201]}, "itinerary_landmarks.0"),
        ({"itinerary_landmarks": ["Big Ben", 5]}, "itinerary_landmarks.1"),
        ({"itinerary_landmarks": [" "]}, "itinerary_landmarks"),
        ({"itinerary_landmarks": "Eiffel Tower"}, "itinerary_landmarks"),
        ({"itinerary_landmarks": None}, "itinerary_landmarks"),
        ({"prediction_id": ""}, "prediction_id"),
        ({"prediction_id": 7}, "prediction_id"),
        ({"prediction_id": "P" * 65}, "prediction_id"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(
    handler: ModuleType, changes: dict[str, Any], field: str
) -> None:
    answer = ask(handler, ASKED | changes)
    assert answer["statusCode"] == 422
    assert answer["headers"]["content-type"] == "application/problem+json"
    problem = read_json(answer)
    assert problem["code"] == "invalid_fields"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert len(answer["body"]) < 2_000


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"itinerary_landmarks": []},
        {"llava_description": "  "},
        {"llava_description": "?!"},
        {"latitude": None, "longitude": None, "max_distance_km": None},
        {"max_distance_km": 10, "top_k": 3},
    ],
)
def test_a_request_that_says_nothing_is_told_what_is_needed(
    handler: ModuleType, body: dict[str, Any]
) -> None:
    answer = ask(handler, body)
    assert answer["statusCode"] == 422
    (error,) = read_json(answer)["errors"]
    for field in ("itinerary_landmarks", "llava_description", "prediction_id", "latitude"):
        assert field in error["message"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('{"latitude": NaN, "longitude": 0}', 400),
        ('{"latitude": 0, "longitude": Infinity}', 400),
        ('{"latitude": 0, "longitude": -Infinity}', 400),
        ('{"latitude": 1e999, "longitude": 0}', 422),
        ('{"top_k": 5, "top_k": 6, "llava_description": "a tower"}', 400),
        ('{"top_k": ' + "9" * 5_000 + "}", 400),
        ('{"llava_description": "a tower",}', 400),
        ('{"llava_description": "\\ud800"}', 400),
        ("[" * 10_000, 400),
        ('["Eiffel Tower"]', 400),
        ("", 400),
    ],
)
def test_what_is_not_quite_json_is_refused(handler: ModuleType, text: str, status: int) -> None:
    answer = ask(handler, text)
    assert answer["statusCode"] == status
    assert read_json(answer)["detail"]
    assert len(answer["body"]) < 2_000


def mostly(usable: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of what is usable, and now and then of anything."""
    return st.one_of(*[usable] * 9, ANYTHING)


@given(
    st.fixed_dictionaries(
        {"latitude": mostly(st.floats(-90, 90)), "longitude": mostly(st.floats(-180, 180))},
        optional={
            "itinerary_landmarks": mostly(st.lists(st.sampled_from(["Big Ben", "Arc", "?"]))),
            "llava_description": mostly(st.text(max_size=50)),
            "prediction_id": mostly(st.none()),
            "max_distance_km": mostly(st.none() | st.floats(0.1, 20_000)),
            "top_k": mostly(st.integers(1, 50)),
        },
    )
)
def test_no_request_is_an_error_of_ours(handler: ModuleType, body: dict[str, Any]) -> None:
    answer = ask(handler, body)
    assert answer["statusCode"] in {200, 400, 404, 422}
    if answer["statusCode"] == 200:
        chosen = [place["landmark_id"] for place in read_json(answer)["recommendations"]]
        assert len(chosen) == len(set(chosen)) <= body.get("top_k", 5)


def test_a_body_of_another_type_is_refused(handler: ModuleType) -> None:
    headers = {**RECOMMEND["headers"], "content-type": "text/xml"}
    answer = handler.handle({**RECOMMEND, "headers": headers}, None)
    assert answer["statusCode"] == 415


def test_unknown_names_alone_are_refused_with_suggestions(handler: ModuleType) -> None:
    answer = ask(handler, {"itinerary_landmarks": ["Eifel Tower"]})
    problem = read_json(answer)
    assert (answer["statusCode"], problem["code"]) == (422, "landmarks_unknown")
    assert "Did you mean Eiffel Tower" in problem["errors"][0]["message"]


def test_unknown_names_beside_known_ones_are_listed(handler: ModuleType) -> None:
    answer = ask(handler, ASKED | {"itinerary_landmarks": ["Eiffel Tower", "Bigg Ben"]})
    assert answer["statusCode"] == 200
    assert read_json(answer)["unresolved"] == [{"name": "Bigg Ben", "suggestions": ["Big Ben"]}]


@pytest.mark.usefixtures("table")
def test_a_prediction_is_read_the_moment_it_is_made(handler: ModuleType) -> None:
    event = signed_in_as(with_body(RECOMMEND, {"prediction_id": "P1"}), "ada")
    answer = handler.handle(event, None)
    assert answer["statusCode"] == 200
    assert read_json(answer)["recommendations"][0]["closest_itinerary_landmark"] == "Eiffel Tower"


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("user_id", "prediction_id"), [("grace", "P1"), ("ada", "P2"), ("ada", " "), ("ada", "P1#")]
)
def test_nobody_elses_prediction_is_found(
    handler: ModuleType, user_id: str, prediction_id: str
) -> None:
    event = signed_in_as(with_body(RECOMMEND, {"prediction_id": prediction_id}), user_id)
    answer = handler.handle(event, None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (404, "prediction_not_found")


def test_a_busy_table_is_a_503_that_says_when_to_come_back(
    handler: ModuleType, table: InMemoryTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = FaultyTable(table, [Unavailable()])
    monkeypatch.setattr(handler.recommender, "_history", Predictions(busy))
    answer = ask(handler, {"prediction_id": "P1"})
    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) >= 1


def test_recommending_without_signing_in_is_refused(handler: ModuleType) -> None:
    context = {
        name: value for name, value in RECOMMEND["requestContext"].items() if name != "authorizer"
    }
    answer = handler.handle({**RECOMMEND, "requestContext": context}, None)
    assert answer["statusCode"] == 401


def test_landmarks_are_listed_in_pages_for_anyone_to_keep(handler: ModuleType) -> None:
    answer = handler.handle(LANDMARKS, None)
    listed = read_json(answer)
    assert (answer["statusCode"], listed["total"], len(listed["landmarks"])) == (200, 4, 1)
    assert answer["headers"]["cache-control"] == "public, max-age=3600"
    assert answer["headers"]["content-type"] == "application/json"
    second = read_json(browse(handler, country="FR", limit="1", cursor=listed["cursor"]))
    assert second["landmarks"][0]["landmark_id"] != listed["landmarks"][0]["landmark_id"]


def test_a_list_without_parameters_holds_everything(handler: ModuleType) -> None:
    event = {name: value for name, value in LANDMARKS.items() if name != "queryStringParameters"}
    assert read_json(handler.handle(event, None))["total"] == 7


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        ("near", "nan,0"), ("near", "91,0"), ("near", "0,inf"), ("near", "0,-180.1"),
        ("near", "1"), ("near", "a,b"), ("near", "1,2,3"),
        ("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "ten"), ("limit", "2,3"),
        ("country", "FRA"), ("country", "1!"), ("country", "ÄÖ"), ("category", "nonsense"),
        ("cursor", "%%%"), ("cursor", "bm90aGluZw"), ("q", "x" * 201), ("q", "!!"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_used_is_named(
    handler: ModuleType, parameter: str, text: str
) -> None:
    answer = browse(handler, **{parameter: text})
    assert (answer["statusCode"], read_json(answer)["code"]) == (422, "invalid_fields")
    assert [error["field"] for error in read_json(answer)["errors"]] == [parameter]
    assert answer["headers"]["cache-control"] == "no-store"


def test_a_landmark_is_shown_for_anyone_to_keep(handler: ModuleType) -> None:
    answer = handler.handle(LANDMARK, None)
    assert answer["statusCode"] == 200
    assert answer["headers"]["cache-control"] == "public, max-age=3600"
    assert read_json(answer)["aliases"] == ["La Tour Eiffel", "Tour Eiffel"]


@pytest.mark.parametrize("landmark_id", ["nowhere", "Eiffel Tower", "x" * 5_000, "..", "%00"])
def test_a_landmark_that_does_not_exist_is_not_found(handler: ModuleType, landmark_id: str) -> None:
    answer = show(handler, landmark_id)
    assert (answer["statusCode"], read_json(answer)["code"]) == (404, "landmark_not_found")
    assert answer["headers"]["cache-control"] == "no-store"


def test_browsing_is_public_and_recommending_is_not(handler: ModuleType) -> None:
    assert {(route.method, route.path): route.public for route in handler.api.routes} == {
        ("POST", "/recommend"): False,
        ("GET", "/landmarks"): True,
        ("GET", "/landmarks/{landmark_id}"): True,
    }


def test_starting_loads_no_network_and_no_client(model_root: Path) -> None:
    """Lambda gives a function ten seconds to start, and a caller waits for each of them."""
    program = "import recommend.handler, sys; print(' '.join(sys.modules))"
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "MODEL_ROOT": str(model_root),
        },
        text=True,
    )
    loaded = set(done.stdout.split())
    assert "recommend.recommender" in loaded
    assert not {"boto3", "botocore.session", "onnxruntime", "tokenizers", "torch"} & loaded


def test_what_its_dashboard_asks_for_is_logged(
    handler: ModuleType, table: InMemoryTable, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    handler.handle(RECOMMEND, None)
    # In the middle of the Pacific.
    nowhere = {"latitude": -48.9, "longitude": -123.4, "max_distance_km": 1}
    assert read_json(ask(handler, {"itinerary_landmarks": [], **nowhere}))["recommendations"] == []
    ask(handler, {"itinerary_landmarks": ["Nowhere"]})
    busy = Predictions(FaultyTable(table, [Unavailable()]))
    monkeypatch.setattr(handler.recommender, "_history", busy)
    handler.handle(
        with_body(
            signed_in_as(RECOMMEND, "ada"), {"itinerary_landmarks": [], "prediction_id": "P1"}
        ),
        None,
    )
    assert unanswered("recommend", logged.getvalue()) == []
