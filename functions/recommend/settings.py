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

    They were chosen on the tune halves of `python -m evaluation.retrieval` and on the judged cases;
    docs/recommend.md tells what others gave.
    """

    model_root: Path
    text_encoder: Literal["minilm", "clip"] = "minilm"
    encoder_threads: int = bounded((1, 16), default=2)
    # The three sum to 100. Mean reciprocal rank of the harder queries 0.933, 0.940, 0.941, 0.939
    # and 0.932 with popularity at 0, 10, 15, 20 and 30; of the judged cases 3, 2, 0, 0 and 0 fail,
    # and with distance at 0 two, from 5 to 30 none.
    meaning_weight_percent: int = bounded(PERCENT, default=70)
    distance_weight_percent: int = bounded(PERCENT, default=15)
    popularity_weight_percent: int = bounded(PERCENT, default=15)
    # Of the meaning: how much shared words count beside the encoder's similarity. 0.870 without,
    # 0.917, 0.938, 0.941 and 0.945 at 20, 40, 60 and 80, where a judged case fails; and others
    # will choose other words than whoever wrote both the queries and the phrases.
    wording_weight_percent: int = bounded(PERCENT, default=60)
    # Of the choice among good places: how much likeness to one already chosen costs. 0.941 without,
    # 0.941, 0.941 and 0.935 at 10, 20 and 50; from 20 on a judged case fails.
    variety_percent: int = bounded(PERCENT, default=10)
