"""What gives photos their vectors, in the space of the text encoder that `recommend` uses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from common.observability import logger
from predict.image_tower import ImageTower, ImageTowerError
from predict.photo_words import PhotoWordsError, read_photo_words

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from common.photo_vector import PhotoVector
    from predict.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Sight:
    """A photo, and what the classifier makes of it.

    `scene` `(scene labels,)` and `classes` `(classes,)` are probabilities, the latter calibrated.
    """

    image: Image.Image
    scene: NDArray[np.float64]
    classes: NDArray[np.float64]
    recognised: bool


class Embedder(Protocol):
    """Gives photos their vectors; another `version` gives other ones."""

    version: str

    def embed(self, sight: Sight) -> PhotoVector | None:
        """Return the vector of a photo, None where there is nothing to make it of."""
        ...


class NoVectors:
    """Stands in where the model layer has nothing to make vectors with."""

    version = "none"

    def embed(self, _sight: Sight) -> None:
        """Return no vector: `recommend` makes do with the tags."""


def load_embedder(model_root: Path, encoder: str, bundle: Bundle, threads: int) -> Embedder:
    """Load what there is for the text encoder of that name.

    Its image tower, or else vectors of words. Without either, photos are named all the same, and
    the log says once what is missing.
    """
    folder = model_root / "models" / "text_encoder" / encoder
    words = model_root / "models" / "photo_words" / f"{encoder}.safetensors"
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if (folder / "image.onnx").is_file():
            return ImageTower(folder, config, threads)
        return read_photo_words(words, config["sha256"]["model.onnx"], bundle)
    except (OSError, KeyError, ValueError, ImageTowerError, PhotoWordsError) as error:
        logger.warning("photos get no vectors", extra={"reason": str(error)[:200]})
        return NoVectors()
