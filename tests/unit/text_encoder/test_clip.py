"""The bundle of `clip`, made of a small random network, against open_clip itself."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from predict.embedders import Sight
from predict.image_tower import ImageTower, crop_to_square
from predict.torchvision_operators import declare_missing_operators
from recommend.bundle import Bundle
from recommend.embeddings import EmbeddingsError
from recommend.text_encoder import load_text_encoder
from tests.unit.recommend.small_bundle import write_model_root
from text_encoder.build import main, write_config
from text_encoder.clip import clip_tokenizer, export_clip

if TYPE_CHECKING:
    from pathlib import Path

declare_missing_operators()
open_clip = importlib.import_module("open_clip")  # needs the operators declared

LENGTH = 20
VISION = {"image_size": 32, "layers": 2, "width": 64, "patch_size": 16}
TEXT = {"context_length": LENGTH, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2}
TEXTS = (
    "a photo of the Eiffel Tower",
    "Gaudí's façade, 1906: bones & masks!",
    "it's 300 steps   up, don't rush",
)


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    model = open_clip.model.CLIP(embed_dim=32, vision_cfg=VISION, text_cfg=TEXT)
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


@pytest.mark.parametrize("size", [(320, 240), (240, 321), (33, 400)])
def test_a_photo_gets_the_vector_that_open_clip_gives_it(
    folder: Path, network: torch.nn.Module, size: tuple[int, int]
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    photo = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
    pixels = open_clip.image_transform(32, is_train=False)(photo)[None]
    with torch.no_grad():
        expected = cast("Any", network).encode_image(pixels, normalize=True).numpy()[0]
    config = json.loads((folder / "config.json").read_text())
    mean, std = (np.array(config["image"][name]) for name in ("mean", "std"))
    own = (crop_to_square(photo, 32) / 255 - mean) / std
    np.testing.assert_allclose(own.transpose(2, 0, 1), pixels[0].numpy(), atol=1e-5)
    sight = Sight(photo, np.zeros(0), np.zeros(0), recognised=False)
    vector = ImageTower(folder, config, 1).embed(sight)
    assert vector.encoder_sha256 == load_text_encoder(folder, 1).config.model_sha256
    assert np.frombuffer(vector.values, "<f2").astype(np.float32) @ expected > 0.97


@pytest.fixture(scope="module")
def built(network: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a file of weights, by the command, over a small catalogue."""
    root = write_model_root(tmp_path_factory.mktemp("opt"))
    configs = tmp_path_factory.mktemp("configs")
    config = {"embed_dim": 32, "vision_cfg": VISION, "text_cfg": TEXT}
    (configs / "tiny.json").write_text(json.dumps(config))
    open_clip.add_model_config(configs)
    weights = configs / "tiny.pt"
    torch.save(network.state_dict(), weights)
    with pytest.MonkeyPatch.context() as patch:
        arguments = ["--encoder", "clip", "--weights", str(weights), "--arch", "tiny"]
        patch.setattr("sys.argv", ["build", *arguments, "--opt", str(root)])
        main()
    return root


def test_the_command_builds_from_a_file_what_recommend_reads(built: Path, folder: Path) -> None:
    bundle = Bundle(built, "clip", 1)
    vector = bundle.encoder.encode(TEXTS[0])
    np.testing.assert_allclose(vector, load_text_encoder(folder, 1).encode(TEXTS[0]), atol=1e-4)
    assert bundle.embeddings.similarities(vector).shape == (len(bundle.catalogue),)
    config = json.loads((built / "models/text_encoder/clip/config.json").read_text())
    assert config["made_from"] == "open_clip tiny tiny.pt"
    assert len(config["weights_sha256"]) == 64
    assert config["dimension"] == 32


def test_vectors_of_other_weights_are_refused_at_the_start(built: Path) -> None:
    path = built / "models" / "text_encoder" / "clip" / "config.json"
    kept = path.read_text()
    config = json.loads(kept)
    config["sha256"]["model.onnx"] = "0" * 64
    path.write_text(json.dumps(config))
    with pytest.raises(EmbeddingsError, match="another clip"):
        Bundle(built, "clip", 1)
    path.write_text(kept)


def test_whole_words_have_ranks(built: Path) -> None:
    encoder = Bundle(built, "clip", 1).encoder
    assert encoder.word_rank("the") is not None
    assert encoder.word_rank("towwer") is None
