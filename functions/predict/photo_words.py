"""A photo's vector from words: the mean of the vectors of what it shows, by probability.

models/photo_words/<encoder>.safetensors, made by `text_encoder.photo_words`, in half precision:
    scenes      `(s, d)` of those of ImageNet's labels that say something of a place
    landmarks   `(c, d)` of the classes, as the catalogue has them
    kinds       `(c, d)` of the kinds of place that they are, without their names
    and of what: the labels, the landmarks' ids, and the checksum of the encoder
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError, safe_open

from common.photo_vector import PhotoVector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from predict.bundle import Bundle
    from predict.embedders import Sight

FORMAT_VERSION = "1"
# What is likely counts for more than its share: with a power of 1, what is faint on all sides
# drowns it. Chosen, like the weights, with `python -m evaluation.photo_vectors`: powers of 1.5 to 2
# and weights of 0.3 to 0.5 are alike.
POWER = 1.5
KINDS_WEIGHT = 0.3
# Beside a landmark that was recognised.
SCENE_WEIGHT = 0.3


class PhotoWordsError(Exception):
    """The vectors are missing, damaged, or of another encoder."""


class PhotoWords:
    """Vectors of words, in the order of the classifier's outputs."""

    def __init__(
        self,
        scenes: NDArray[np.float32],
        landmarks: NDArray[np.float32],
        kinds: NDArray[np.float32],
        encoder_sha256: str,
    ) -> None:
        """Take `(scene labels, d)` and twice `(classes, d)`; rows of zeros are not known."""
        self._scenes, self._landmarks, self._kinds = scenes, landmarks, kinds
        self._encoder_sha256 = encoder_sha256
        together = hashlib.sha256(encoder_sha256.encode())
        for vectors in (scenes, landmarks, kinds, np.array([POWER, KINDS_WEIGHT, SCENE_WEIGHT])):
            together.update(vectors.tobytes())
        self.version = together.hexdigest()[:8]

    def embed(self, sight: Sight) -> PhotoVector | None:
        """Return the vector of a photo, None where nothing that it shows has one.

        A place that is not recognised is not drawn to the landmark that it is taken for, only to
        what kind of place the likely ones are.
        """
        scene = sight.scene**POWER @ self._scenes
        if sight.recognised:
            total = SCENE_WEIGHT * scene + sight.classes @ self._landmarks
        else:
            total = scene + KINDS_WEIGHT * (sight.classes**POWER @ self._kinds)
        norm = float(np.linalg.norm(total))
        if norm == 0:
            return None
        return PhotoVector((total / norm).astype("<f2").tobytes(), self._encoder_sha256)


def read_photo_words(path: Path, encoder_sha256: str, bundle: Bundle) -> PhotoWords:
    """Read the vectors that the encoder made, in the order of `bundle`.

    Raises:
        PhotoWordsError: they are missing or damaged, or made by another encoder.

    """
    try:
        with safe_open(path, framework="numpy") as file:
            about = file.metadata() or {}
            if about["format_version"] != FORMAT_VERSION:
                message = f"{path} has format {about['format_version']}, not {FORMAT_VERSION}"
                raise PhotoWordsError(message)
            if about["encoder_sha256"] != encoder_sha256:
                message = f"{path} was made by another encoder: build it again"
                raise PhotoWordsError(message)
            labels, landmark_ids = json.loads(about["labels"]), json.loads(about["landmarks"])
            classes = [one.landmark_id for one in bundle.classes]
            return PhotoWords(
                _arrange(file.get_tensor("scenes"), labels, bundle.scene_labels),
                _arrange(file.get_tensor("landmarks"), landmark_ids, classes),
                _arrange(file.get_tensor("kinds"), landmark_ids, classes),
                encoder_sha256,
            )
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        message = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise PhotoWordsError(message) from error


def _arrange(
    rows: NDArray[np.float16], names: Sequence[str], wanted: Sequence[str]
) -> NDArray[np.float32]:
    """Return the row of each wanted name, zeros where there is none."""
    if len(names) != len(rows):
        message = f"{len(rows)} rows for {len(names)} names"
        raise ValueError(message)
    at: Mapping[str, int] = {name: row for row, name in enumerate(names)}
    arranged = np.zeros((len(wanted), rows.shape[1]), np.float32)
    for row, name in enumerate(wanted):
        if name in at:
            arranged[row] = rows[at[name]]
    return arranged
