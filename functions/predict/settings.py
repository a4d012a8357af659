"""What the environment tells `predict`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - read_settings looks the annotations up

from common.settings import TableSettings, bounded


@dataclass(frozen=True, kw_only=True)
class PredictSettings(TableSettings):
    """`model_root` holds `models/classifier`; `compiled_model_path` need not exist."""

    model_root: Path
    compiled_model_path: Path
    torch_threads: int = bounded((1, 16), default=2)
