"""The small bundle of the predict tests serves here too."""

from __future__ import annotations

from tests.unit.predict.conftest import bundle, model_root

__all__ = ["bundle", "model_root"]
