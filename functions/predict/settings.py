"""What the environment tells `predict`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - read_settings looks the annotations up
from typing import Literal

from common.images import MAX_IMAGE_BYTES
from common.settings import TableSettings, bounded


@dataclass(frozen=True, kw_only=True)
class PredictSettings(TableSettings):
    """`model_root` holds `models`; `compiled_models` need not exist.

    `text_encoder` is the one that `recommend` compares meanings with.
    """

    model_root: Path
    compiled_models: Path
    uploads_bucket: str
    text_encoder: Literal["minilm", "clip"] = "minilm"
    torch_threads: int = bounded((1, 16), default=2)

    # API Gateway gives up after 30 s and the function after 29.
    answer_within_ms: int = bounded((15_000, 27_000), default=24_000)

    max_upload_bytes: int = bounded((1, MAX_IMAGE_BYTES), default=MAX_IMAGE_BYTES)
    # 25 MB take 4 minutes at 100 kB/s; a form that gets about is not good for long.
    upload_form_ttl_seconds: int = bounded((60, 3_600), default=600)
    # A traveller's day; 5 GB, which for the day that they are kept cost less than a cent.
    upload_forms_a_day: int = bounded((1, 10_000), default=200)
