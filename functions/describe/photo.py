"""A photo as it was sent, and as it is passed on."""

from __future__ import annotations

import hashlib
import io
from functools import cached_property

from PIL import Image

from common.images import decode_upright

# What vision models look at is smaller (LLaVA 1.5: 336 px, its successors some tiles of that);
# 768 px in JPEG are some 100 kB.
LONGEST_SIDE_PX = 768
JPEG_QUALITY = 85


class Photo:
    """The bytes of one photo."""

    def __init__(self, data: bytes) -> None:
        """Hold `data`; nothing is decoded yet."""
        self._data = data

    @cached_property
    def sha256(self) -> str:
        """Name the photo by its content, as `predict` does."""
        return hashlib.sha256(self._data).hexdigest()

    @cached_property
    def shrunk(self) -> bytes:
        """The photo as a JPEG of at most `LONGEST_SIDE_PX`, upright, without metadata.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.

        """
        image = decode_upright(self._data, enough_px=LONGEST_SIDE_PX)
        image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
        # Nothing of the file but its pixels: where it was taken is nobody's business.
        image.info.clear()
        encoded = io.BytesIO()
        image.save(encoded, "JPEG", quality=JPEG_QUALITY)
        return encoded.getvalue()
