"""What the environment tells `recommend`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - read_settings looks the annotations up
from typing import Literal

from common.settings import TableSettings, bounded

PERCENT = (0, 100)


@dataclass(frozen=True, kw_only=True)
class RecommendSettings(TableSettings):
    """`model_root` holds `models/text_encoder` and `data`; the weights are of the score's parts.

    The defaults are first guesses: choose them on the tune split of `python -m
    evaluation.retrieval`, and judge them on the other.
    """

    model_root: Path
    text_encoder: Literal["minilm", "clip"] = "minilm"
    encoder_threads: int = bounded((1, 16), default=2)
    meaning_weight_percent: int = bounded(PERCENT, default=70)
    distance_weight_percent: int = bounded(PERCENT, default=15)
    popularity_weight_percent: int = bounded(PERCENT, default=15)
    # Of the meaning: how much shared words count beside the encoder's similarity.
    wording_weight_percent: int = bounded(PERCENT, default=40)
    # Of the choice among good places: how much likeness to one already chosen costs.
    variety_percent: int = bounded(PERCENT, default=10)
