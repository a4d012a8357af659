"""What is read at the start, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from recommend.bundle import Bundle
from recommend.catalogue import CatalogueError
from recommend.embeddings import EmbeddingsError
from recommend.quantized import quantized_path
from recommend.text_encoder import EncoderError
from tests.unit.recommend.small_bundle import DIMENSION, MAX_TOKENS, write_model_root
from text_encoder.embed import embed_catalogue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_model_root(tmp_path)


def read(root: Path) -> Bundle:
    return Bundle(root, "minilm", 1)


def test_a_bundle_finds_what_it_was_made_of(root: Path) -> None:
    bundle = read(root)
    vector = bundle.encoder.encode("An iron lattice tower with three decks.")
    assert vector.shape == (DIMENSION,)
    assert int(np.argmax(bundle.embeddings.similarities(vector))) == 0


def test_vectors_of_another_encoder_are_refused(root: Path) -> None:
    about = root / "data" / "landmarks_minilm_embeddings.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"encoder_sha256": "0" * 64}))
    with pytest.raises(EmbeddingsError, match="another minilm"):
        read(root)


def test_vectors_of_another_catalogue_are_refused(root: Path) -> None:
    catalogue = root / "data" / "landmarks_unified.json"
    catalogue.write_text(catalogue.read_text().replace("Eiffel", "Eifel"), encoding="utf-8")
    with pytest.raises(EmbeddingsError, match="another catalogue"):
        read(root)


def test_a_damaged_matrix_is_refused(root: Path) -> None:
    path = root / "data" / "landmarks_minilm_embeddings.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(EmbeddingsError, match="checksum"):
        read(root)


def test_a_matrix_of_another_shape_is_refused(root: Path) -> None:
    path = root / "data" / "landmarks_minilm_embeddings.npy"
    np.save(path, np.zeros((3, 1, DIMENSION), dtype=np.float16))
    with pytest.raises(EmbeddingsError, match="not \\(7, views"):
        read(root)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_encoder_is_refused(root: Path, name: str) -> None:
    path = root / "models" / "text_encoder" / "minilm" / name
    path.write_bytes(path.read_bytes() + b" ")
    bundle = read(root)
    with pytest.raises(EncoderError, match="checksum"):
        _ = bundle.encoder


def test_missing_files_are_named(root: Path) -> None:
    (root / "data" / "landmarks_words.npz").unlink()
    with pytest.raises(EmbeddingsError, match=r"landmarks_words\.npz"):
        read(root)
    (root / "data" / "landmarks_unified.json").unlink()
    with pytest.raises(CatalogueError, match=r"landmarks_unified\.json"):
        read(root)


def test_every_part_of_a_long_text_counts(root: Path) -> None:
    encoder = read(root).encoder
    beginning = "a royal palace with a hall of mirrors and fountains " * 8
    long = beginning + "an iron lattice tower with three decks " * 8
    assert len(long.split()) > 10 * MAX_TOKENS
    without_end, whole = encoder.encode(beginning), encoder.encode(long)
    assert float(without_end @ whole) < 0.99
    tower = encoder.encode("an iron lattice tower with three decks")
    assert float(whole @ tower) > float(without_end @ tower)


def test_no_text_is_a_vector_too(root: Path) -> None:
    assert np.isfinite(read(root).encoder.encode("")).all()


def test_a_large_matrix_is_mapped_and_read_with_its_bounds(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = root / "data" / "landmarks_minilm_embeddings.npy"
    widened = read(root).embeddings
    monkeypatch.setattr("recommend.embeddings.MAX_WIDENED_BYTES", 0)
    embed_catalogue(root, "minilm", threads=1)
    mapped = read(root).embeddings
    assert mapped.matrix.dtype == np.float16
    query = widened.vectors([0])[0]
    bounds = mapped.upper_bounds(query)
    assert bounds is not None
    assert np.all(mapped.similarities(query) <= bounds)
    quantized_path(vectors).unlink()
    assert read(root).embeddings.upper_bounds(query) is None


def test_bounds_of_another_matrix_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommend.embeddings.MAX_WIDENED_BYTES", 0)
    embed_catalogue(root, "minilm", threads=1)
    about = root / "data" / "landmarks_minilm_embeddings.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"sha256": "0" * 64}))
    with pytest.raises(EmbeddingsError, match="another matrix"):
        read(root)
