"""The second half of the product: from a landmark, words or a photo to places worth going to."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from stacks.settings import REPOSITORY
from tests.fakes.events import load_event

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.end_to_end.conftest import Traveller

# Of the guide: the Eiffel Tower, and a historic monument with architecture within 50 km.
ASKED: dict[str, Any] = json.loads(load_event("recommend")["body"])
COLOSSEUM_PHOTO = REPOSITORY / "tests" / "photos" / "colosseum.jpg"
JUDGED = REPOSITORY / "model_layer" / "evaluation" / "judged_cases.json"
EIFFEL_TOWER = (48.8584, 2.2945)
COLOSSEUM = (41.8902, 12.4922)


def recommend(api: httpx.Client, traveller: Traveller, **request: object) -> httpx.Response:
    return api.post("/recommend", json=request, headers=traveller.headers)


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance, by another formula than the service's."""
    (south, west), (north, east) = (map(math.radians, point) for point in (one, other))
    square = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(square))


@pytest.fixture(scope="module")
def prediction_id(api: httpx.Client, traveller: Traveller) -> str:
    """Return the traveller's prediction of a photo of the Colosseum."""
    headers = {**traveller.headers, "content-type": "image/jpeg"}
    answer = api.post("/predict", content=COLOSSEUM_PHOTO.read_bytes(), headers=headers)
    return str(answer.json()["prediction_id"])


def test_the_guides_request_gets_five_good_places_around_paris(
    api: httpx.Client, traveller: Traveller
) -> None:
    answer = recommend(api, traveller, **ASKED)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    places = body["recommendations"]
    assert (body["search_mode"], body["unresolved"], len(places)) == ("nearby", [], 5)
    case = next(case for case in json.loads(JUDGED.read_text()) if case["request"] == ASKED)
    shown = {place["landmark_id"] for place in places}
    assert len(shown & set(case["expect_any_of"])) >= case["expect_at_least"]
    assert "eiffel-tower" not in shown
    for place in places:
        position = place["latitude"], place["longitude"]
        assert place["distance_km"] == pytest.approx(haversine_km(EIFFEL_TOWER, position), abs=0.02)
        assert place["distance_km"] <= 50
        assert place["closest_itinerary_landmark"] == "Eiffel Tower"
        assert place["country"] == "FR"
        assert place["description"]
        assert place["reason"]


def test_words_alone_search_the_world(api: httpx.Client, traveller: Traveller) -> None:
    words = "terraced ruins of an Inca citadel on a ridge between steep green mountains"
    body = recommend(api, traveller, llava_description=words).json()
    assert body["search_mode"] == "global"
    assert "machu-picchu" in {place["landmark_id"] for place in body["recommendations"]}


def test_misspelt_names_get_suggestions(api: httpx.Client, traveller: Traveller) -> None:
    refused = recommend(api, traveller, itinerary_landmarks=["Eifel Tower"])
    assert refused.status_code == 422
    assert refused.json()["code"] == "landmarks_unknown"
    assert "Did you mean Eiffel Tower" in refused.json()["errors"][0]["message"]

    beside = recommend(api, traveller, itinerary_landmarks=["big ben", "Colloseum"])
    assert beside.status_code == 200
    (unknown,) = beside.json()["unresolved"]
    assert unknown["name"] == "Colloseum"
    assert unknown["suggestions"][0] == "Colosseum"


def test_a_photo_that_was_just_named_leads_to_its_neighbourhood(
    api: httpx.Client, traveller: Traveller, prediction_id: str
) -> None:
    answer = recommend(api, traveller, prediction_id=prediction_id, top_k=3)
    assert answer.status_code == 200, answer.text
    places = answer.json()["recommendations"]
    assert len(places) == 3
    assert {place["closest_itinerary_landmark"] for place in places} == {"Colosseum"}


def test_the_prediction_of_another_user_is_not_found(
    api: httpx.Client, new_traveller: Callable[[], Traveller], prediction_id: str
) -> None:
    answer = recommend(api, new_traveller(), prediction_id=prediction_id)
    assert answer.status_code == 404
    assert answer.json()["code"] == "prediction_not_found"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("{}", 422),
        ('{"latitude": NaN, "longitude": 0}', 400),
        ('{"latitude": 90.5, "longitude": 0}', 422),
        ('{"itinerary_landmarks": ["Colosseum"], "top_k": 10000}', 422),
        ('{"itinerary_landmarks": ["Colosseum"], "max_distance_km": -1}', 422),
        (json.dumps({"llava_description": "tower " * 180_000}), 422),
    ],
)
def test_bad_input_is_a_problem_document_that_says_what_to_do(
    api: httpx.Client, traveller: Traveller, text: str, status: int
) -> None:
    answer = api.post("/recommend", content=text.encode(), headers=traveller.headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_anyone_can_page_through_every_landmark(api: httpx.Client) -> None:
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 100}
    while True:
        answer = api.get("/landmarks", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        seen += [place["landmark_id"] for place in page["landmarks"]]
        if page["cursor"] is None:
            break
        query["cursor"] = page["cursor"]
    assert len(seen) == len(set(seen)) == page["total"] == api.get("/info").json()["landmarks"]
    assert page["total"] >= 2_000


def test_near_sorts_by_distance(api: httpx.Client) -> None:
    near = ",".join(map(str, COLOSSEUM))
    places = api.get("/landmarks", params={"near": near, "limit": 50}).json()["landmarks"]
    apart_km = [place["distance_km"] for place in places]
    assert apart_km == sorted(apart_km)
    assert "colosseum" in [place["landmark_id"] for place in places[:3]]
    for place in places:
        position = place["latitude"], place["longitude"]
        assert place["distance_km"] == pytest.approx(haversine_km(COLOSSEUM, position), abs=0.05)


def test_a_landmark_is_found_by_name_and_shown_by_id(api: httpx.Client) -> None:
    found = api.get("/landmarks", params={"q": "tour eiffel"}).json()["landmarks"][0]
    shown = api.get(f"/landmarks/{found['landmark_id']}")
    assert shown.status_code == 200
    assert shown.json()["landmark"] == "Eiffel Tower"
    assert "public" in shown.headers["cache-control"]
    assert api.get("/landmarks/no-such-place").json()["code"] == "landmark_not_found"


def test_info_tells_which_encoder_answers(api: httpx.Client) -> None:
    encoder = api.get("/info").json()["models"]["text_encoder"]
    assert (encoder["name"], encoder["dimension"]) == ("minilm", 384)
