"""A token is sent to where the settings say: they have to be beyond doubt."""

from __future__ import annotations

import pytest

from common.settings import SettingsError, read_settings
from describe.settings import DescribeSettings

NEEDED = {
    "MODEL_ROOT": "/opt",
    "PREDICT_FUNCTION_NAME": "predict",
    "UPLOADS_BUCKET": "uploads",
    "VISION_TOKEN_PARAMETER": "/x/token",
}


def test_the_defaults_are_hugging_faces_router_and_the_guides_budget(
    environment: dict[str, str],
) -> None:
    settings = read_settings(DescribeSettings, environment | NEEDED)
    assert settings.vision_base_url == "https://router.huggingface.co/v1"
    assert (settings.monthly_calls, settings.call_interval_ms) == (1_000, 1_000)
    assert settings.monthly_calls_per_user < settings.monthly_calls
    assert len(settings.vision_models) > 1
    assert settings.local_answer_ms + settings.shortest_call_ms < settings.answer_within_ms < 25_000


@pytest.mark.parametrize(
    "address",
    ["https://llava.example.com/v1", "http://127.0.0.1:8000/v1", "http://localhost/v1"],
)
def test_other_endpoints_can_be_set(environment: dict[str, str], address: str) -> None:
    chosen = {"VISION_BASE_URL": address, "VISION_MODELS": "llava-v1.6, llava-v1.5"}
    settings = read_settings(DescribeSettings, environment | NEEDED | chosen)
    assert settings.vision_base_url == address
    assert settings.vision_models == ("llava-v1.6", "llava-v1.5")


@pytest.mark.parametrize(
    "address",
    [
        "http://llava.example.com/v1",
        "http://10.0.0.5:8000/v1",
        "http://localhost.example.com/v1",
        "http://127.0.0.1@example.com/v1",
        "ftp://example.com",
        "https://user:password@example.com/v1",
        "https://example.com/v1?key=1",
        "https:///v1",
        "router.huggingface.co/v1",
    ],
)
def test_no_token_goes_over_a_line_that_others_can_read(
    environment: dict[str, str], address: str
) -> None:
    with pytest.raises(SettingsError, match="VISION_BASE_URL must be an"):
        read_settings(DescribeSettings, environment | NEEDED | {"VISION_BASE_URL": address})
