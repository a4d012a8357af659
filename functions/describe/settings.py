"""What the environment tells `describe`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - read_settings looks the annotations up
from urllib.parse import urlsplit

from common.settings import TableSettings, bounded, checked

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def refuse_base_url(text: str) -> str | None:
    """Say what is wrong with the address of an endpoint: a token is sent there."""
    parts = urlsplit(text)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return "must be an https address (http is for this very machine only)"
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        return "must be an address without a user, a query and a fragment"
    return None


@dataclass(frozen=True, kw_only=True)
class DescribeSettings(TableSettings):
    """Where the models are, what they may cost, and how long an answer may take.

    `model_root` holds `data/landmarks_unified.json`. `vision_models` are tried in their order:
    the defaults are served by Hugging Face's router, which has no LLaVA (August 2026).
    """

    model_root: Path
    predict_function_name: str
    uploads_bucket: str
    vision_token_parameter: str
    vision_base_url: str = checked(refuse_base_url, default="https://router.huggingface.co/v1")
    vision_models: tuple[str, ...] = (
        "google/gemma-3-27b-it",
        "Qwen/Qwen3-VL-235B-A22B-Instruct",
        "Qwen/Qwen3.5-9B",
    )
    vision_prompt: str = (
        "Describe this photo for a traveller in three or four plain sentences: what place or kind "
        "of place it shows, what stands out, and what one could do there. Name the place only if "
        "you are sure of it."
    )
    # Some 220 words: twice what the prompt asks for.
    max_tokens: int = bounded((16, 2_000), default=300)

    monthly_calls: int = bounded((0, 10_000_000), default=1_000)
    # A tenth: ten people can use a month up together, no one can alone.
    monthly_calls_per_user: int = bounded((0, 10_000_000), default=100)
    call_interval_ms: int = bounded((1, 60_000), default=1_000)
    cache_ttl_days: int = bounded((1, 365), default=30)

    # API Gateway gives up after 30 s and the function after 29.
    answer_within_ms: int = bounded((200, 24_900), default=24_000)
    # Kept of that for the local answer: a cold `predict` has to load PyTorch first.
    local_answer_ms: int = bounded((50, 20_000), default=8_000)
    # With less time left than this, no model answers, so that none is called.
    shortest_call_ms: int = bounded((10, 20_000), default=2_000)
    connect_timeout_ms: int = bounded((10, 20_000), default=3_000)
