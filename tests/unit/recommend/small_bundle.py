"""A bundle on disk with a network of one table of vectors, for what reads bundles."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from recommend.text_encoder import load_text_encoder
from recommend.wording import count_words, index_words, write_wording
from tests.unit.recommend.conftest import LANDMARKS

if TYPE_CHECKING:
    from pathlib import Path

DIMENSION = 16
MAX_TOKENS = 10


def write_model_root(root: Path) -> Path:
    """Write catalogue, encoder, vectors and words below `root`."""
    data = root / "data"
    data.mkdir(parents=True)
    entries = [
        {
            "id": one.landmark_id, "name": one.name, "aliases": list(one.aliases),
            "country": one.country, "city": one.city, "latitude": one.latitude,
            "longitude": one.longitude, "categories": list(one.categories), "unesco": one.unesco,
            "popularity": one.popularity, "description": one.description,
        }
        for one in LANDMARKS
    ]  # fmt: skip
    catalogue = data / "landmarks_unified.json"
    catalogue.write_text(json.dumps(entries), encoding="utf-8")
    folder = write_encoder(root / "models" / "text_encoder" / "minilm")
    encoder = load_text_encoder(folder, 1)
    matrix = np.stack([encoder.encode(one.description)[None] for one in LANDMARKS])
    path = data / "landmarks_minilm_embeddings.npy"
    np.save(path, matrix.astype(np.float16))
    about = {
        "format_version": 1,
        "encoder": "minilm",
        "encoder_sha256": _sha256(folder / "model.onnx"),
        "catalogue_sha256": _sha256(catalogue),
        "sha256": _sha256(path),
    }
    path.with_suffix(".json").write_text(json.dumps(about))
    words = index_words([count_words([(one.description, 1)]) for one in LANDMARKS])
    write_wording(data / "landmarks_words.npz", words)
    return root


def write_encoder(folder: Path) -> Path:
    """Write an encoder: the mean of one fixed vector a word, of unit length."""
    folder.mkdir(parents=True)
    words = sorted({word for one in LANDMARKS for word in _plain(one.description).split()})
    vocabulary = {word: at for at, word in enumerate(["[PAD]", "[CLS]", "[SEP]", "[UNK]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(0).normal(size=(len(vocabulary), DIMENSION)).astype(np.float32)
    axes = numpy_helper.from_array(np.array([1], dtype=np.int64), "axes")
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceMean", ["rows"], ["mean"], axes=[1], keepdims=0),
            helper.make_node("LpNormalization", ["mean"], ["unit"], axis=1, p=2),
            helper.make_node("Unsqueeze", ["attention_mask", "axes"], ["unused"]),
            helper.make_node("Identity", ["unit"], ["embedding"]),
        ],
        "words",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIMENSION])],
        [numpy_helper.from_array(table, "table"), axes],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    config = {
        "format_version": 1,
        "name": "minilm",
        "dimension": DIMENSION,
        "tokens": {"max": MAX_TOKENS, "padded": None, "first_id": 1, "last_id": 2, "pad_id": 0},
        "sha256": {name: _sha256(folder / name) for name in ("model.onnx", "tokenizer.json")},
    }
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
