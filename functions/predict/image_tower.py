"""A photo's vector from its pixels, by the image tower of a `clip` bundle.

models/text_encoder/<name>/
    image.onnx      pixels `(n, 3, px, px)` float32, normalised, to vectors `(n, d)` of unit length
    config.json     `image`: mean and standard deviation of its pixels, in 0..1

ONNX Runtime is wanted for this alone: the image of `predict` brings it only where it is asked for.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from common.photo_vector import PhotoVector

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from predict.embedders import Sight


class ImageTowerError(Exception):
    """The image tower is damaged, or there is nothing that runs it."""


class ImageTower:
    """The image tower, loaded."""

    def __init__(self, folder: Path, config: Mapping[str, Any], threads: int) -> None:
        """Load the tower of the bundle in `folder`, which says `config` of itself.

        Raises:
            ImageTowerError: ONNX Runtime is not installed, or the file is damaged.

        """
        try:
            from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - see above
        except ImportError as error:
            message = "onnxruntime is not installed: add it to predict's requirements.txt"
            raise ImageTowerError(message) from error
        network = (folder / "image.onnx").read_bytes()
        network_sha256 = hashlib.sha256(network).hexdigest()
        if network_sha256 != config["sha256"]["image.onnx"]:
            message = f"{folder / 'image.onnx'} does not match its checksum in config.json"
            raise ImageTowerError(message)
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._px = int(self._session.get_inputs()[0].shape[-1])
        self._mean = np.array(config["image"]["mean"], np.float32).reshape(3, 1, 1)
        self._std = np.array(config["image"]["std"], np.float32).reshape(3, 1, 1)
        self._encoder_sha256 = str(config["sha256"]["model.onnx"])
        self.version = network_sha256[:8]

    def embed(self, sight: Sight) -> PhotoVector:
        """Return the vector of a photo."""
        pixels = crop_to_square(sight.image, self._px).transpose(2, 0, 1) / np.float32(255)
        (vectors,) = self._session.run(None, {"pixels": ((pixels - self._mean) / self._std)[None]})
        return PhotoVector(vectors[0].astype("<f2").tobytes(), self._encoder_sha256)


def crop_to_square(image: Image.Image, px: int) -> NDArray[np.uint8]:
    """Return the middle of a photo, its shorter side resized to `px`: `(px, px, 3)` uint8.

    As open_clip's preprocessing does: https://github.com/mlfoundations/open_clip.
    """
    shorter = min(image.size)
    width, height = (px * side // shorter for side in image.size)
    resized = image.resize((width, height), Image.Resampling.BICUBIC)
    left, top = round((width - px) / 2), round((height - px) / 2)
    return np.asarray(resized.crop((left, top, left + px, top + px)), dtype=np.uint8)
