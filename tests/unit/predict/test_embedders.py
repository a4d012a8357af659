"""What gives photos their vectors is found by what the model layer has, or done without."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from predict.embedders import NoVectors, Sight, load_embedder
from predict.image_tower import ImageTower, crop_to_square
from predict.photo_words import PhotoWords
from tests.unit.predict.test_photo_words import SHA256, write

if TYPE_CHECKING:
    import io
    from pathlib import Path

    from predict.bundle import Bundle

PX = 4


def encoder_folder(root: Path, name: str = "minilm") -> Path:
    folder = root / "models" / "text_encoder" / name
    folder.mkdir(parents=True)
    (root / "models" / "photo_words").mkdir()
    (folder / "config.json").write_text(json.dumps({"sha256": {"model.onnx": SHA256}}))
    return folder


def mean_colour() -> bytes:
    """Return a network that maps pixels to their mean colour, of unit length."""
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, PX, PX])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", 3])
    axes = numpy_helper.from_array(np.array([2, 3], np.int64), "axes")
    nodes = [
        helper.make_node("ReduceMean", ["pixels", "axes"], ["mean"], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["vectors"], axis=1, p=2),
    ]
    graph = helper.make_graph(nodes, "tower", [pixels], [vectors], [axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    network: bytes = model.SerializeToString()
    return network


def clip_folder(root: Path) -> Path:
    folder, network = encoder_folder(root, "clip"), mean_colour()
    (folder / "image.onnx").write_bytes(network)
    config = {
        "sha256": {"model.onnx": SHA256, "image.onnx": hashlib.sha256(network).hexdigest()},
        "image": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.25]},
    }
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def sight(colour: tuple[int, int, int]) -> Sight:
    image = Image.new("RGB", (30, 20), colour)
    return Sight(image, np.zeros(1000), np.zeros(3), recognised=False)


def test_an_encoder_without_an_image_tower_goes_by_words(bundle: Bundle, tmp_path: Path) -> None:
    encoder_folder(tmp_path)
    write(tmp_path / "models" / "photo_words" / "minilm.safetensors")
    assert isinstance(load_embedder(tmp_path, "minilm", bundle, 1), PhotoWords)


def test_an_encoder_with_an_image_tower_looks_at_the_pixels(bundle: Bundle, tmp_path: Path) -> None:
    clip_folder(tmp_path)
    embedder = load_embedder(tmp_path, "clip", bundle, 1)
    vector = embedder.embed(sight((255, 0, 255)))
    assert isinstance(embedder, ImageTower)
    assert vector is not None
    assert vector.encoder_sha256 == SHA256
    # Normalised: 1, -1 and 2.
    expected = np.array([1, -1, 2]) / np.sqrt(6)
    np.testing.assert_allclose(np.frombuffer(vector.values, "<f2"), expected, atol=2e-3)


def test_without_anything_photos_get_no_vectors_and_the_log_says_why(
    bundle: Bundle, tmp_path: Path, logged: io.StringIO
) -> None:
    embedder = load_embedder(tmp_path, "minilm", bundle, 1)
    assert embedder.embed(sight((0, 0, 0))) is None
    assert isinstance(embedder, NoVectors)
    (line,) = logged.getvalue().splitlines()
    assert "photos get no vectors" in line
    assert "config.json" in line


def test_words_of_another_encoder_are_not_used(
    bundle: Bundle, tmp_path: Path, logged: io.StringIO
) -> None:
    encoder_folder(tmp_path)
    words = tmp_path / "models" / "photo_words" / "minilm.safetensors"
    write(words, encoder_sha256="f" * 64)
    assert isinstance(load_embedder(tmp_path, "minilm", bundle, 1), NoVectors)
    assert "another encoder" in logged.getvalue()


def test_an_image_tower_without_its_runtime_is_done_without(
    bundle: Bundle, tmp_path: Path, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip_folder(tmp_path)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert isinstance(load_embedder(tmp_path, "clip", bundle, 1), NoVectors)
    assert "onnxruntime is not installed" in logged.getvalue()


def test_a_damaged_image_tower_is_done_without(
    bundle: Bundle, tmp_path: Path, logged: io.StringIO
) -> None:
    network = clip_folder(tmp_path) / "image.onnx"
    network.write_bytes(network.read_bytes() + b"\0")
    assert isinstance(load_embedder(tmp_path, "clip", bundle, 1), NoVectors)
    assert "checksum" in logged.getvalue()


@pytest.mark.parametrize("size", [(40, 30), (30, 40), (37, 23), (4, 400), (4, 4)])
def test_the_middle_of_a_photo_is_taken(size: tuple[int, int]) -> None:
    assert crop_to_square(Image.new("RGB", size, (9, 8, 7)), PX).shape == (PX, PX, 3)
