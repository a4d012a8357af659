"""Embed the catalogue and what photos show with a built encoder, and index its words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from recommend.catalogue import read_catalogue
from recommend.embeddings import FORMAT_VERSION, stays_mapped
from recommend.quantized import quantized_path
from recommend.text_encoder import load_text_encoder
from recommend.wording import index_words, write_wording
from text_encoder.exporting import sha256_of
from text_encoder.landmark_texts import PHRASES, weighted_texts, words
from text_encoder.photo_words import write_photo_words
from text_encoder.quantize import write_quantized

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from recommend.catalogue import Landmark
    from recommend.text_encoder import TextEncoder


def embed_catalogue(opt: Path, encoder_name: str, threads: int = 2) -> None:
    """Write the matrix, what it was made of, and the words, into `opt`/data."""
    data = opt / "data"
    catalogue = read_catalogue(data / "landmarks_unified.json")
    folder = opt / "models" / "text_encoder" / encoder_name
    encoder = load_text_encoder(folder, threads)
    vectors = [embed_landmark(encoder, place) for place in catalogue.landmarks]
    matrix = np.stack(vectors)[:, None].astype(np.float16)
    path = data / f"landmarks_{encoder_name}_embeddings.npy"
    np.save(path, matrix)
    about = {
        "format_version": FORMAT_VERSION,
        "encoder": encoder_name,
        "encoder_sha256": encoder.config.model_sha256,
        "catalogue_sha256": catalogue.sha256,
        "shape": list(matrix.shape),
        "dtype": str(matrix.dtype),
        "phrases_sha256": sha256_of(PHRASES),
        "sha256": sha256_of(path),
    }
    text = json.dumps(about, indent=2) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8")
    if stays_mapped(matrix):
        rows = matrix.reshape(-1, matrix.shape[-1])
        write_quantized(quantized_path(path), rows, str(about["sha256"]))
    # An encoder with an image tower sees photos itself.
    if not (folder / "image.onnx").exists() and (opt / "models" / "classifier").exists():
        write_photo_words(opt, encoder, catalogue, matrix)
    write_wording(
        data / "landmarks_words.npz",
        index_words([words(place) for place in catalogue.landmarks]),
    )


def embed_landmark(encoder: TextEncoder, place: Landmark) -> NDArray[np.float32]:
    """Return the vector of `place`, `(d,)` of unit length: the weighted mean of its texts'."""
    vectors = [encoder.encode(text) * np.float32(weight) for text, weight in weighted_texts(place)]
    total = np.sum(vectors, axis=0)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)
