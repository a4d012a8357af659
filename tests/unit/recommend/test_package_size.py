"""What `recommend` is deployed with: within Lambda's limit, and quick to import."""

from __future__ import annotations

import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from text_encoder.build import OPT

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: unzipped, with layers.
LIMIT_BYTES = 250 * 1024 * 1024
REPOSITORY = Path(__file__).resolve().parents[3]
# What the bundle of `minilm` and the catalogue take; nothing else of `opt` goes into the layer.
LAYER = ("models/text_encoder/minilm", "data")


def size_of(*files: Path) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


def pinned(requirements: Path) -> list[str]:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if line and not line.startswith("#")]


def installed_bytes(name: str) -> int:
    files = distribution(name).files or []
    return size_of(*(Path(str(file.locate())) for file in files if "__pycache__" not in str(file)))


@pytest.mark.skipif(
    not (OPT / "models/text_encoder/minilm/config.json").exists(),
    reason="the bundle is not built: make text-encoder",
)
@pytest.mark.skipif(sys.platform != "linux", reason="wheels of other systems differ in size")
def test_layers_and_function_fit_into_lambda() -> None:
    names = [
        *pinned(REPOSITORY / "functions/recommend/requirements.txt"),
        *pinned(REPOSITORY / "shared_layer/requirements.txt"),
    ]
    code = size_of(
        *(REPOSITORY / "functions/recommend").glob("*.py"),
        *(REPOSITORY / "shared_layer/python").rglob("*.py"),
    )
    models = size_of(*(file for part in LAYER for file in (OPT / part).rglob("*")))
    assert code + models + sum(installed_bytes(name) for name in names) < LIMIT_BYTES
