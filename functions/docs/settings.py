"""What the environment tells this function."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import FunctionSettings


@dataclass(frozen=True, kw_only=True)
class DocsSettings(FunctionSettings):
    """`model_info` is the JSON of `models.ModelInfo`."""

    model_info: str = "{}"
