"""A bundle that is damaged or of another form never starts to serve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from predict.bundle import FORMAT_VERSION, BundleError, read_bundle, verify_weights
from tests.unit.predict.conftest import NAMES, write_bundle

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path) / "models" / "classifier"


def test_a_bundle_is_read_as_it_was_written(folder: Path) -> None:
    bundle = read_bundle(folder)
    assert [landmark.name for landmark in bundle.classes] == list(NAMES)
    assert bundle.model_version.startswith("test-3-")
    assert verify_weights(bundle).name == "weights.safetensors"


@pytest.mark.parametrize(
    "name", ["config.json", "classes.json", "scene_labels.json", "references.safetensors"]
)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=name):
        read_bundle(folder)


@pytest.mark.parametrize("name", ["classes.json", "scene_labels.json", "references.safetensors"])
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleError, match="checksum"):
        read_bundle(folder)


def test_changed_weights_are_refused(folder: Path) -> None:
    path = folder / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match="checksum"):
        verify_weights(read_bundle(folder))


@pytest.mark.parametrize("version", [FORMAT_VERSION - 1, FORMAT_VERSION + 1])
def test_another_format_is_refused(folder: Path, version: int) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({**config, "format_version": version}))
    with pytest.raises(BundleError, match=f"format {version}"):
        read_bundle(folder)
