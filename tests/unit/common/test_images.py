"""Every picture a phone or a browser sends is read; everything else is refused with a reason."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from common import images
from common.errors import (
    ImageFormatUnsupported,
    ImageMissing,
    ImageTooLarge,
    ImageTooManyPixels,
    ImageUnreadable,
)
from common.images import MAX_IMAGE_BYTES, decode_upright

PHOTO = Path(__file__).parents[2] / "photos" / "colosseum.jpg"
ORIENTATION = 0x0112


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:  # noqa: ANN401
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def quarters() -> Image.Image:
    """Draw a picture that is different in each corner: red, green / blue, white."""
    image = Image.new("RGB", (80, 40))
    for box, colour in (
        ((0, 0), (255, 0, 0)),
        ((40, 0), (0, 255, 0)),
        ((0, 20), (0, 0, 255)),
        ((40, 20), (255, 255, 255)),
    ):
        image.paste(colour, (*box, box[0] + 40, box[1] + 20))
    return image


def corner(image: Image.Image, *, right: bool, bottom: bool) -> list[int]:
    x = image.width - 6 if right else 5
    y = image.height - 6 if bottom else 5
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return [round(value / 255) for value in pixel]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_supported_format_is_read_by_its_content(kind: str) -> None:
    decoded = decode_upright(encode(quarters(), kind), enough_px=40)
    assert decoded.mode == "RGB"
    assert decoded.size == (80, 40)
    assert corner(decoded, right=False, bottom=False) == [1, 0, 0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_upside_down_in_exif_comes_out_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 3
    turned = quarters().transpose(Image.Transpose.ROTATE_180)
    decoded = decode_upright(encode(turned, kind, exif=exif), enough_px=40)
    assert corner(decoded, right=False, bottom=False) == [1, 0, 0]
    assert corner(decoded, right=True, bottom=False) == [0, 1, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_undone(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = quarters()
    if orientation in undo:
        stored = stored.transpose(undo[orientation])
    decoded = decode_upright(encode(stored, "JPEG", exif=exif, quality=95), enough_px=40)
    assert decoded.size == (80, 40)
    assert corner(decoded, right=False, bottom=True) == [0, 0, 1]


def test_orientation_survives_a_conversion_of_the_mode() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 3
    turned = quarters().transpose(Image.Transpose.ROTATE_180).convert("CMYK")
    decoded = decode_upright(encode(turned, "JPEG", exif=exif), enough_px=40)
    assert corner(decoded, right=False, bottom=False) == [1, 0, 0]


def test_sixteen_bits_of_grey_are_scaled_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 80 * 40).reshape(40, 80).astype(np.uint16)
    decoded = np.asarray(decode_upright(encode(Image.fromarray(ramp), "PNG"), enough_px=40))
    assert decoded[0, 0, 0] < 5
    assert abs(int(decoded[20, 0, 0]) - 128) < 5
    assert decoded[-1, -1, 0] > 250


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    source = quarters().convert("I") if mode == "I;16" else quarters()
    decoded = decode_upright(encode(source.convert(mode), kind), enough_px=40)
    assert decoded.mode == "RGB"
    assert decoded.size == (80, 40)


def test_transparent_parts_show_a_white_backdrop() -> None:
    clear = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    decoded = decode_upright(encode(clear, "PNG"), enough_px=40)
    assert decoded.getpixel((25, 25)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_shows_the_backdrop() -> None:
    palette = Image.new("P", (50, 50), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    decoded = decode_upright(encode(palette, "PNG", transparency=0), enough_px=40)
    assert decoded.getpixel((25, 25)) == (255, 255, 255)


def test_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    moving = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode_upright(moving, enough_px=30).getpixel((9, 9)) == (255, 0, 0)


def test_a_large_jpeg_is_decoded_at_a_fraction_that_is_still_enough() -> None:
    large = encode(Image.new("RGB", (4000, 3000)), "JPEG")
    decoded = decode_upright(large, enough_px=520)
    assert decoded.width < 4000
    assert min(decoded.size) >= 520


def test_metadata_does_not_come_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    decoded = decode_upright(encode(quarters(), "JPEG", exif=exif), enough_px=40)
    assert b"where I live" not in encode(decoded, "PNG")


def test_no_bytes_are_no_image() -> None:
    with pytest.raises(ImageMissing):
        decode_upright(b"", enough_px=40)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_a_truncated_photo_is_refused(share: float) -> None:
    data = PHOTO.read_bytes()
    with pytest.raises(ImageUnreadable):
        decode_upright(data[: int(len(data) * share)], enough_px=40)


@pytest.mark.parametrize("data", [b"hello", b"\x00" * 200, b"<html></html>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        decode_upright(data, enough_px=40)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00", "AVIF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (encode(quarters(), "TIFF"), "TIFF"),
        (encode(quarters(), "BMP"), "BMP"),
    ],
)
def test_other_formats_are_named_in_the_refusal(data: bytes, name: str) -> None:
    with pytest.raises(ImageFormatUnsupported, match=name):
        decode_upright(data, enough_px=40)


def test_huge_dimensions_are_refused_from_the_header_alone() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(ImageTooManyPixels, match="60000 x 60000"):
        decode_upright(bomb, enough_px=40)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ImageTooLarge, match=str(MAX_IMAGE_BYTES)):
        decode_upright(b"\xff\xd8" + bytes(MAX_IMAGE_BYTES), enough_px=40)


@given(
    st.binary(max_size=300), st.integers(0, 400), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"])
)
def test_damage_anywhere_is_refused_or_survived_never_a_crash(
    junk: bytes, place: int, kind: str
) -> None:
    data = bytearray(encode(quarters(), kind))
    data[place : place + len(junk)] = junk
    try:
        decoded = decode_upright(bytes(data), enough_px=40)
    except (ImageFormatUnsupported, ImageMissing, ImageTooManyPixels, ImageUnreadable):
        return
    assert decoded.mode == "RGB"


def test_supported_media_types_are_those_of_the_formats() -> None:
    assert set(images.supported_media_types()) == {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
    }
