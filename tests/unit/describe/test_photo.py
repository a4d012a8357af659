"""What leaves for the model is small, upright and without anything but pixels."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from common.errors import ImageUnreadable
from describe.photo import LONGEST_SIDE_PX, Photo
from tests.unit.describe.conftest import jpeg

GPS_IFD, ORIENTATION, TURNED_RIGHT = 0x8825, 0x0112, 6


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3_000, 1_500), (768, 384)), ((1_000, 2_000), (384, 768)), ((500, 300), (500, 300))],
)
def test_a_photo_is_shrunk_and_never_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    encoded = io.BytesIO()
    Image.new("RGB", size, (10, 200, 30)).save(encoded, "PNG")
    with opened(Photo(encoded.getvalue()).shrunk) as shrunk:
        assert (shrunk.format, shrunk.mode, shrunk.size) == ("JPEG", "RGB", expected)
        red, green, blue = shrunk.getpixel((5, 5))  # type: ignore[misc]
        assert green > 150 > max(red, blue)


def test_a_photo_is_turned_upright_and_loses_where_it_was_taken() -> None:
    image = Image.new("RGB", (80, 40), (255, 255, 255))
    exif = image.getexif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif[GPS_IFD] = {1: "N", 2: (41.0, 53.0, 24.0)}
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", exif=exif, comment=b"my home")
    assert b"my home" in encoded.getvalue()
    shrunk = Photo(encoded.getvalue()).shrunk
    with opened(shrunk) as copy:
        assert copy.size == (40, 80)
        assert not copy.getexif()
        assert not {"exif", "comment", "icc_profile"} & set(copy.info)
    assert b"my home" not in shrunk


def test_a_large_photo_becomes_a_small_message() -> None:
    noise = Image.effect_noise((4_000, 3_000), 60).convert("RGB")
    encoded = io.BytesIO()
    noise.save(encoded, "JPEG", quality=95)
    # Noise is the worst that a JPEG can be asked to hold.
    assert len(Photo(encoded.getvalue()).shrunk) < LONGEST_SIDE_PX * LONGEST_SIDE_PX


def test_a_photo_is_named_by_what_was_sent() -> None:
    data = jpeg()
    assert Photo(data).sha256 == hashlib.sha256(data).hexdigest()


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(ImageUnreadable):
        _ = Photo(b"hello").shrunk
