"""The bundle of `minilm`, as it was exported and quantised, against the original weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from recommend.text_encoder import TextEncoder, load_text_encoder
from text_encoder.build import OPT
from text_encoder.minilm import load_original, original_files

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = OPT / "models" / "text_encoder" / "minilm"
TEXTS = (
    "historic monument with architecture",
    "an iron lattice tower above a river, with lawns where people picnic",
    "penguins on a sandy beach between granite boulders",
    "frescoed ceiling and Renaissance paintings in a museum",
    "red desert with sandstone mountains and dunes",
    "a wooden temple in a garden of raked gravel",
    "Gaudí's façade, 1906, with bones and masks",
    "The image shows a large stone building with a wide flight of steps and people in front of it.",
    "turquoise lake, log cabins, snowy peaks",
    "place where monkeys stole my aunts sunglases",
)


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return load_text_encoder(FOLDER, 2)


@pytest.fixture(scope="module")
def originals(encoder: TextEncoder) -> NDArray[np.float32]:
    network = load_original(original_files())
    vectors = []
    for text in TEXTS:
        tokens = torch.tensor([encoder._tokenizer.encode(text).ids])
        with torch.no_grad():
            vectors.append(network(tokens, torch.ones_like(tokens))[0].numpy())
    return np.stack(vectors)


def test_quantised_vectors_are_those_of_the_original_weights(
    encoder: TextEncoder, originals: NDArray[np.float32]
) -> None:
    vectors = np.stack([encoder.encode(text) for text in TEXTS])
    cosines = np.sum(vectors * originals, axis=1)
    assert cosines.min() > 0.99
    # What ranks is the likeness of texts to each other.
    np.testing.assert_allclose(vectors @ vectors.T, originals @ originals.T, atol=0.05)


def test_no_processor_can_saturate_on_the_weights() -> None:
    # Without VNNI, x86 adds two products of uint8 and int8 in 16 bits.
    model = onnx.load(FOLDER / "model.onnx")
    multiplied = {node.input[1] for node in model.graph.node if node.op_type == "MatMulInteger"}
    weights = [
        numpy_helper.to_array(one) for one in model.graph.initializer if one.name in multiplied
    ]
    assert len(weights) == 36
    assert all(array.dtype == np.int8 for array in weights)
    farthest = max(int(np.abs(array.astype(np.int16)).max()) for array in weights)
    assert 2 * 255 * farthest <= np.iinfo(np.int16).max


def test_vectors_have_unit_length(encoder: TextEncoder) -> None:
    for text in TEXTS:
        assert np.linalg.norm(encoder.encode(text)) == pytest.approx(1, abs=1e-4)
