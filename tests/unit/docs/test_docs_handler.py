"""What the service says about itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from common.settings import SettingsError
from docs import handler
from docs.models import read_model_info
from tests.fakes.events import for_route, load_event, read_json
from tests.fakes.log_queries import unanswered

if TYPE_CHECKING:
    import io

CLASSIFIER = {
    "model_version": "lite2-1",
    "arch": "tf_efficientnet_lite2",
    "image_size": 260,
    "classes": 108,
    "metrics": {"top1": 0.96, "top5": 0.995},
}
TEXT_ENCODER = {"name": "minilm", "dimension": 384, "metrics": {"top_10": 0.8}}
MODEL_INFO = {"classifier": CLASSIFIER, "text_encoder": TEXT_ENCODER, "landmarks": 2817}


def test_a_healthy_service_says_so_with_the_time() -> None:
    answer = handler.handle(load_event("health"), None)
    assert answer["statusCode"] == 200
    body = read_json(answer)
    assert body["status"] == "healthy"
    age = datetime.now(UTC) - datetime.fromisoformat(body["timestamp"])
    assert timedelta() <= age < timedelta(minutes=1)


def test_the_build_and_its_models_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "info", read_model_info(json.dumps(MODEL_INFO)))
    answer = handler.handle(load_event("info"), None)
    assert answer["statusCode"] == 200
    assert read_json(answer) == {
        "name": "CV Location Classifier",
        "version": "0.0.0-test",
        "environment": "local",
        "models": {"classifier": CLASSIFIER, "text_encoder": TEXT_ENCODER},
        "landmarks": 2817,
    }


def test_a_deployment_without_a_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "info", read_model_info("{}"))
    body = read_json(handler.handle(load_event("info"), None))
    assert body["models"] == {"classifier": None, "text_encoder": None}
    assert body["landmarks"] == 0


@pytest.mark.parametrize("text", ["", "[", "[1]", '{"arch": "b3"}', '{"landmarks": "many"}'])
def test_facts_of_another_form_stop_the_function_at_its_start(text: str) -> None:
    with pytest.raises(SettingsError, match="MODEL_INFO"):
        read_model_info(text)


def test_everything_here_is_public() -> None:
    assert [(route.path, route.public) for route in handler.api.routes] == [
        ("/health", True),
        ("/info", True),
        ("/openapi.json", True),
        ("/docs", True),
        ("/docs/{file}", True),
    ]


def test_what_its_dashboard_asks_for_is_logged(
    monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    handler.handle(load_event("health"), None)
    handler.handle(for_route(load_event("health"), "GET", "/nowhere"), None)
    monkeypatch.setattr(handler, "info", None)
    handler.handle(load_event("info"), None)
    assert unanswered("docs", logged.getvalue()) == []
