"""The bundle of `clip`, made of a small random network, against open_clip itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import onnxruntime
import pytest
import torch

from predict.torchvision_operators import declare_missing_operators
from recommend.text_encoder import load_text_encoder
from text_encoder.build import write_config
from text_encoder.clip import clip_tokenizer, export_clip

if TYPE_CHECKING:
    from pathlib import Path

declare_missing_operators()
open_clip = pytest.importorskip("open_clip")

LENGTH = 20
TEXTS = (
    "a photo of the Eiffel Tower",
    "Gaudí's façade, 1906: bones & masks!",
    "it's 300 steps   up, don't rush",
)


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    model = open_clip.model.CLIP(
        embed_dim=32,
        vision_cfg={"image_size": 32, "layers": 2, "width": 64, "patch_size": 16},
        text_cfg={"context_length": LENGTH, "vocab_size": 49408, "width": 64, "heads": 2,
                  "layers": 2},
    )  # fmt: skip
    return cast("torch.nn.Module", model.eval())


@pytest.fixture(scope="module")
def folder(network: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target: Path = tmp_path_factory.mktemp("clip")
    write_config(target, "clip", export_clip(target, network, "random weights"))
    return target


@pytest.mark.parametrize("text", TEXTS)
def test_the_tokenizer_is_open_clips(text: str) -> None:
    own = clip_tokenizer().encode(text, add_special_tokens=False).ids
    theirs = [int(token) for token in open_clip.SimpleTokenizer().encode(text)]
    assert own == theirs


def test_the_text_tower_is_open_clips(folder: Path, network: torch.nn.Module) -> None:
    encoder = load_text_encoder(folder, 1)
    tokens = open_clip.SimpleTokenizer(context_length=LENGTH)(list(TEXTS))
    with torch.no_grad():
        expected = cast("Any", network).encode_text(tokens, normalize=True).numpy()
    vectors = np.stack([encoder.encode(text) for text in TEXTS])
    assert vectors.shape == (3, 32)
    assert np.sum(vectors * expected, axis=1).min() > 0.97


def test_the_image_tower_is_open_clips(folder: Path, network: torch.nn.Module) -> None:
    pixels = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        expected = cast("Any", network).encode_image(pixels, normalize=True).numpy()
    session = onnxruntime.InferenceSession(folder / "image.onnx")
    (vectors,) = session.run(None, {"pixels": pixels.numpy()})
    assert np.sum(vectors * expected, axis=1).min() > 0.97
