"""Text to a vector, by the encoder of a bundle.

models/text_encoder/<name>/
    config.json     name, dimension, how text becomes tokens, what made it, checksums
    model.onnx      tokens `(n, t)` int64 and their mask to vectors `(n, d)` of unit length
    tokenizer.json  as the `tokenizers` library writes it
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FORMAT_VERSION = 1
# How CLIP's vocabulary tells a whole word from the beginning of one.
_WORD_END = "</w>"


class EncoderError(Exception):
    """The encoder's bundle is missing, damaged, or of another form than this code reads."""


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """What a bundle says of itself.

    `first_id` and `last_id` stand around each text; texts are filled up with `pad_id` to
    `padded_tokens` where the network wants a fixed length; `max_tokens` includes the two.
    """

    name: str
    dimension: int
    max_tokens: int
    first_id: int
    last_id: int
    pad_id: int
    padded_tokens: int | None
    model_sha256: str
    tokenizer_sha256: str


class TextEncoder:
    """Encodes texts of any length."""

    def __init__(
        self, config: EncoderConfig, session: InferenceSession, tokenizer: Tokenizer
    ) -> None:
        """Encode by a loaded network."""
        self.config = config
        self._session, self._tokenizer = session, tokenizer

    def encode(self, text: str) -> NDArray[np.float32]:
        """Return the vector of `text`, `(d,)` float32 of unit length.

        A text longer than the network reads is cut into windows of like size, and their vectors
        are averaged by the number of tokens: no part of it is lost.
        """
        tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
        room = self.config.max_tokens - 2
        number = max(1, -(-len(tokens) // room))
        windows = [list(window) for window in np.array_split(np.array(tokens, np.int64), number)]
        # One at a time: quantised networks scale by batch, and padding costs as much as text.
        vectors = np.stack([self._run(window) for window in windows])
        pooled = np.array([max(1, len(window)) for window in windows], np.float32) @ vectors
        norm = float(np.linalg.norm(pooled))
        return np.asarray(pooled / norm if norm > 0 else pooled, dtype=np.float32)

    def word_rank(self, word: str) -> int | None:
        """Return the place of `word` in the vocabulary, which begins with the commonest words.

        None where it has no token of its own.
        """
        rank: int | None = self._tokenizer.token_to_id(word)
        return self._tokenizer.token_to_id(f"{word}{_WORD_END}") if rank is None else rank

    def _run(self, window: Sequence[int]) -> NDArray[np.float32]:
        config = self.config
        ids = [config.first_id, *window, config.last_id]
        padding = max(0, (config.padded_tokens or 0) - len(ids))
        tokens = np.array([ids + [config.pad_id] * padding], dtype=np.int64)
        mask = np.array([[1] * len(ids) + [0] * padding], dtype=np.int64)
        (vectors,) = self._session.run(None, {"input_ids": tokens, "attention_mask": mask})
        vector: NDArray[np.float32] = vectors[0]
        return vector


def load_text_encoder(folder: Path, threads: int) -> TextEncoder:
    """Read and check the bundle in `folder`, and load its network.

    Raises:
        EncoderError: a file is missing, does not match its checksum, or has another form.

    """
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415 - names and lists do without

    config = read_encoder_config(folder)
    model, vocabulary = folder / "model.onnx", folder / "tokenizer.json"
    _verify(model, config.model_sha256)
    _verify(vocabulary, config.tokenizer_sha256)
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would be paid for.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # All that there is but layouts for convolutions, of which there are none: the same network,
    # and a quarter less to wait for.
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    try:
        tokenizer = Tokenizer.from_file(str(vocabulary))
        # By its path: of bytes it would keep a copy beside them, 23 MB.
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # Neither library has an exception of its own.
        message = f"the text encoder in {folder} cannot be loaded: {error}"
        raise EncoderError(message) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return TextEncoder(config, session, tokenizer)


def read_encoder_config(folder: Path) -> EncoderConfig:
    """Read what a bundle says of itself.

    Raises:
        EncoderError: there is none, or it has another form.

    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        if config["format_version"] != FORMAT_VERSION:
            message = f"{path} has format {config['format_version']}, not {FORMAT_VERSION}"
            raise EncoderError(message)
        tokens = config["tokens"]
        return EncoderConfig(
            name=config["name"],
            dimension=config["dimension"],
            max_tokens=tokens["max"],
            first_id=tokens["first_id"],
            last_id=tokens["last_id"],
            pad_id=tokens["pad_id"],
            padded_tokens=tokens["padded"],
            model_sha256=config["sha256"]["model.onnx"],
            tokenizer_sha256=config["sha256"]["tokenizer.json"],
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise EncoderError(message) from error


def _verify(path: Path, expected_sha256: str) -> None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as error:
        message = f"{path} cannot be read: {error}"
        raise EncoderError(message) from error
    if digest.hexdigest() != expected_sha256:
        message = f"{path} does not match its checksum in config.json"
        raise EncoderError(message)
