"""What recommending reads from disk: catalogue, encoder and vectors that belong together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from recommend.catalogue import read_catalogue
from recommend.embeddings import EmbeddingsError, read_embeddings
from recommend.spelling import Spelling
from recommend.text_encoder import load_text_encoder, read_encoder_config
from recommend.wording import read_wording

if TYPE_CHECKING:
    from pathlib import Path

    from recommend.catalogue import Catalogue
    from recommend.embeddings import Embeddings
    from recommend.text_encoder import TextEncoder
    from recommend.wording import Wording


class Bundle:
    """The files below `model_root`. Small ones are read and checked at once."""

    def __init__(self, model_root: Path, encoder_name: str, threads: int) -> None:
        """Read catalogue and vectors; the encoder's network waits until text has to be encoded.

        Raises:
            CatalogueError, EncoderError, EmbeddingsError: a file is missing or damaged, or the
                encoder, the vectors and the catalogue do not belong together.

        """
        self._folder = model_root / "models" / "text_encoder" / encoder_name
        self._threads = threads
        data = model_root / "data"
        self.catalogue: Catalogue = read_catalogue(data / "landmarks_unified.json")
        config = read_encoder_config(self._folder)
        self.embeddings: Embeddings = read_embeddings(
            data,
            config,
            landmarks=len(self.catalogue),
            catalogue_sha256=self.catalogue.sha256,
            threads=threads,
        )
        self.wording: Wording = _read_words(data / "landmarks_words.npz", len(self.catalogue))

    @cached_property
    def encoder(self) -> TextEncoder:
        """The encoder, loaded when first asked for."""
        return load_text_encoder(self._folder, self._threads)

    def correct(self, text: str) -> str:
        """Return `text` with mistyped words set right: those that neither part knows."""
        return self._spelling.correct(text)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.encoder.word_rank, self.wording.numbers)


def _read_words(path: Path, landmarks: int) -> Wording:
    try:
        wording = read_wording(path)
    except (OSError, KeyError, ValueError) as error:
        message = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise EmbeddingsError(message) from error
    if wording.size != landmarks:
        message = f"{path} was made of another catalogue: build the embeddings again"
        raise EmbeddingsError(message)
    return wording
