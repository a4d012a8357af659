"""What is recommended, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from common.errors import InvalidFields, LandmarksUnknown, PredictionNotFound
from recommend.models import RecommendRequest, RecommendResponse
from tests.unit.recommend.conftest import USER

if TYPE_CHECKING:
    from recommend.recommender import Recommender


def ask(recommender: Recommender, **fields: Any) -> RecommendResponse:  # noqa: ANN401 - JSON
    return recommender.recommend(USER, RecommendRequest.model_validate(fields))


def shown(answer: RecommendResponse) -> list[str]:
    return [place.landmark_id for place in answer.recommendations]


def test_the_itinerary_is_left_out_and_distances_are_to_it(recommender: Recommender) -> None:
    answer = ask(
        recommender,
        itinerary_landmarks=["Eiffel Tower"],
        llava_description="historic monument with architecture",
        max_distance_km=50.0,
    )
    assert answer.search_mode == "nearby"
    assert set(shown(answer)) == {"arc-de-triomphe", "musee-d-orsay", "palace-of-versailles"}
    first = answer.recommendations[0]
    assert first.landmark_id == "arc-de-triomphe"
    assert first.distance_km == pytest.approx(1.71, abs=0.02)
    assert first.closest_itinerary_landmark == "Eiffel Tower"
    assert first.reason == (
        "1.7 km from Eiffel Tower; matches what you describe (historic, monument); "
        "among the best-known places."
    )


def test_the_distance_is_to_the_nearest_stop(recommender: Recommender) -> None:
    answer = ask(recommender, itinerary_landmarks=["Big Ben", "Arc de Triomphe"], top_k=10)
    tower = next(one for one in answer.recommendations if one.landmark_id == "eiffel-tower")
    assert tower.closest_itinerary_landmark == "Arc de Triomphe"


def test_a_small_circle_reaches_across_the_date_line(recommender: Recommender) -> None:
    answer = ask(recommender, itinerary_landmarks=["taveuni meridian"])
    assert shown(answer) == ["rabi-island"]
    assert answer.recommendations[0].distance_km == pytest.approx(32.4, abs=0.3)


def test_words_alone_search_the_world(recommender: Recommender) -> None:
    answer = ask(recommender, llava_description="a clock tower by a river")
    assert answer.search_mode == "global"
    first = answer.recommendations[0]
    assert first.landmark_id == "big-ben"
    assert (first.distance_km, first.closest_itinerary_landmark) == (None, None)


def test_anywhere_is_global_but_tells_the_distance(recommender: Recommender) -> None:
    answer = ask(recommender, itinerary_landmarks=["Eiffel Tower"], max_distance_km=None, top_k=50)
    assert answer.search_mode == "global"
    assert "eiffel-tower" not in shown(answer)
    assert len(answer.recommendations) == 6
    assert all(place.distance_km is not None for place in answer.recommendations)


def test_a_position_alone_is_enough(recommender: Recommender) -> None:
    answer = ask(recommender, latitude=48.86, longitude=2.3)
    assert "eiffel-tower" in shown(answer)
    first = answer.recommendations[0]
    assert first.closest_itinerary_landmark is None
    assert first.similarity is None
    assert "from your position" in first.reason


def test_nothing_near_is_an_empty_list(recommender: Recommender) -> None:
    assert shown(ask(recommender, latitude=0.0, longitude=-150.0)) == []


def test_unknown_names_beside_known_ones_are_told(recommender: Recommender) -> None:
    answer = ask(recommender, itinerary_landmarks=["Big Ben", "Eifel Tower", "Eifel Tower"])
    assert [(one.name, one.suggestions[0]) for one in answer.unresolved] == [
        ("Eifel Tower", "Eiffel Tower")
    ]


def test_only_unknown_names_are_refused_with_suggestions(recommender: Recommender) -> None:
    with pytest.raises(LandmarksUnknown) as refused:
        ask(recommender, itinerary_landmarks=["Eifel Tower"], llava_description="a tower")
    assert "Did you mean Eiffel Tower" in refused.value.errors[0].message


def test_a_recognised_photo_is_a_stop(recommender: Recommender) -> None:
    answer = ask(recommender, prediction_id="of-the-tower")
    assert answer.search_mode == "nearby"
    assert "eiffel-tower" not in shown(answer)
    assert answer.recommendations[0].closest_itinerary_landmark == "Eiffel Tower"


def test_an_unknown_scene_finds_places_like_it(recommender: Recommender) -> None:
    answer = ask(recommender, prediction_id="of-a-palace")
    assert answer.search_mode == "global"
    assert shown(answer)[0] == "palace-of-versailles"


def test_where_a_photo_lies_says_its_vector_before_its_tags(recommender: Recommender) -> None:
    with_vector, without = (
        {
            one.landmark_id: one.similarity
            for one in ask(recommender, prediction_id=prediction_id).recommendations
        }
        for prediction_id in ("with-a-vector", "with-another-encoders-vector")
    )
    assert max(with_vector, key=lambda one: with_vector[one] or 0) == "big-ben"
    assert max(without, key=lambda one: without[one] or 0) == "palace-of-versailles"


def test_the_reason_for_a_place_like_the_photo_says_so(recommender: Recommender) -> None:
    answer = ask(recommender, prediction_id="with-a-vector")
    assert all(
        "like what your photo shows" in place.reason.lower() for place in answer.recommendations
    )


def test_a_vector_joins_the_words_of_a_description(recommender: Recommender) -> None:
    told = {"llava_description": "An island of palms."}
    alone, both = (
        {
            one.landmark_id: one.similarity or 0
            for one in ask(recommender, **told, **more).recommendations
        }
        for more in ({}, {"prediction_id": "with-a-vector"})
    )
    assert both["big-ben"] > alone["big-ben"]
    assert both["rabi-island"] > 0


def test_a_prediction_that_says_nothing_is_no_query(recommender: Recommender) -> None:
    with pytest.raises(InvalidFields):
        ask(recommender, prediction_id="of-nothing")


def test_a_prediction_of_someone_else_is_not_found(recommender: Recommender) -> None:
    with pytest.raises(PredictionNotFound):
        recommender.recommend("user-2", RecommendRequest(prediction_id="of-the-tower"))


def test_more_is_asked_for_than_there_is(recommender: Recommender) -> None:
    answer = ask(recommender, llava_description="anything", top_k=50)
    assert len(shown(answer)) == len(set(shown(answer))) == 7
