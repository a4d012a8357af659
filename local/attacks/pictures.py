"""Pictures that are made to harm whoever decodes them, by name.

Each is made for `size_bytes` of file at most, where its harm grows with its size.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

PNG_START = b"\x89PNG\r\n\x1a\n"
# Fifty megapixels: the most that is read.
LARGE = (8_000, 6_250)
GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6
_SAMPLES = {GREY: 1, RGB: 3, GREY_ALPHA: 2, RGBA: 4}
# A million zeros, as zlib packs them.
_PACKED = zlib.compress(bytes(1_000_000), 9)


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write one chunk of a PNG."""
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def png(  # noqa: PLR0913 - what a PNG is
    width: int,
    height: int,
    kind: int = RGB,
    bits: int = 8,
    *,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Write a PNG of zeros, with other chunks `before` and `after` its picture."""
    line = bytes(1 + width * _SAMPLES[kind] * bits // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    return PNG_START + header + before + chunk(b"IDAT", packed) + after + chunk(b"IEND", b"")


def jpeg(
    size: tuple[int, int] = (64, 64), mode: str = "RGB", *, progressive: bool = False
) -> bytes:
    """Write a JPEG of one colour."""
    colour = (9, 99, 200, 1)[: len(Image.new(mode, (1, 1)).getbands())]
    encoded = io.BytesIO()
    Image.new(mode, size, colour).save(encoded, "JPEG", progressive=progressive)
    return encoded.getvalue()


def gif() -> bytes:
    """Write a small GIF."""
    encoded = io.BytesIO()
    Image.new("P", (64, 64)).save(encoded, "GIF")
    return encoded.getvalue()


def _repeated(part: bytes, size_bytes: int) -> bytes:
    return part * (size_bytes // len(part))


def _after_soi(more: bytes) -> bytes:
    picture = jpeg()
    return picture[:2] + more + picture[2:]


def _before_image(more: bytes) -> bytes:
    picture = gif()
    at = picture.index(b"\x2c", 13)
    return picture[:at] + more + picture[at:]


def jpeg_of_many_scans(scans: int, size: tuple[int, int] = LARGE) -> bytes:
    """Write a progressive JPEG with its last scan so many times more."""
    picture = jpeg(size, progressive=True)
    last, end = picture.rindex(b"\xff\xda"), picture.rindex(b"\xff\xd9")
    return picture[:end] + picture[last:end] * scans + picture[end:]


def _scans(size_bytes: int) -> bytes:
    return jpeg_of_many_scans(size_bytes // 75)


def _profiles(size_bytes: int) -> bytes:
    one = chunk(b"iCCP", b"x\0\0" + _PACKED)
    return png(64, 64, before=_repeated(one, size_bytes))


def png_of_much_text(size_bytes: int = 200_000) -> bytes:
    """Write a PNG with texts of a megabyte each, packed; Pillow ends at 64 of them."""
    one = chunk(b"zTXt", b"x\0\0" + _PACKED)
    return png(64, 64, before=_repeated(one, size_bytes))


def _chunks(size_bytes: int) -> bytes:
    return png(64, 64, before=_repeated(chunk(b"aaAa", b""), size_bytes))


def _chunks_after(size_bytes: int) -> bytes:
    return png(64, 64, after=_repeated(chunk(b"IDAT", b""), size_bytes))


def _jpeg_comments(size_bytes: int) -> bytes:
    return _after_soi(_repeated(b"\xff\xfe\0\2", size_bytes))


def _jpeg_restarts(size_bytes: int) -> bytes:
    return _after_soi(_repeated(b"\xff\xd0", size_bytes))


def _jpeg_filling(size_bytes: int) -> bytes:
    return _after_soi(_repeated(b"\xff", size_bytes))


def _gif_comments(size_bytes: int) -> bytes:
    return _before_image(_repeated(b"\x21\xfe\1c\0", size_bytes))


# More parts than any picture has: refused before a decoder sees them.
TOO_MANY_PARTS: dict[str, Callable[[int], bytes]] = {
    "jpeg of many scans": _scans,
    "jpeg of many comments": _jpeg_comments,
    "jpeg of many restarts": _jpeg_restarts,
    "jpeg of filling": _jpeg_filling,
    "png of many profiles": _profiles,
    "png of many chunks": _chunks,
    "png of many chunks after its picture": _chunks_after,
    "gif of many comments": _gif_comments,
}


def webp_animation(size: tuple[int, int]) -> bytes:
    """Write an animation of two frames."""
    frames = [Image.new("RGB", size, colour) for colour in ("black", "red")]
    encoded = io.BytesIO()
    frames[0].save(encoded, "WEBP", save_all=True, append_images=frames[1:], method=0)
    return encoded.getvalue()


def _large_palette() -> bytes:
    """Fifty megapixels in 8 bits each, of which one colour can be seen through."""
    encoded = io.BytesIO()
    Image.new("P", LARGE).save(encoded, "PNG", transparency=0)
    return encoded.getvalue()


# As much as is read, in the forms that take most memory.
AS_LARGE_AS_MAY_BE: dict[str, Callable[[], bytes]] = {
    "png": lambda: png(*LARGE),
    "png with transparency": lambda: png(*LARGE, RGBA),
    "grey png with transparency": lambda: png(*LARGE, GREY_ALPHA),
    "png of 16 bits": lambda: png(*LARGE, GREY, 16),
    "png of 16 bits with transparency": lambda: png(*LARGE, RGBA, 16),
    "png of a palette with transparency": _large_palette,
    "webp animation": lambda: webp_animation((7_000, 7_000)),
    "jpeg of four inks": lambda: jpeg(LARGE, "CMYK"),
    "progressive jpeg": lambda: jpeg_of_many_scans(20),
}


def huge_webp() -> bytes:
    """Write a small WebP whose header says 16,383 pixels on a side: the most that WebP can."""
    encoded = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(encoded, "WEBP")
    data = bytearray(encoded.getvalue())
    start = data.index(b"\x9d\x01\x2a") + 3
    data[start : start + 4] = struct.pack("<HH", 16_383, 16_383)
    return bytes(data)


def gif_with_a_larger_frame() -> bytes:
    """Write a GIF of 10 pixels on a side whose frame says 65,535."""
    encoded = io.BytesIO()
    Image.new("P", (10, 10)).save(encoded, "GIF")
    data = bytearray(encoded.getvalue())
    frame = data.index(b"\x2c", 13)
    data[frame + 5 : frame + 9] = struct.pack("<HH", 65_535, 65_535)
    return bytes(data)


def png_unfolding_further(lines: int = 200_000) -> bytes:
    """Write a PNG of 64 lines whose data unfold to many more."""
    packed = zlib.compress(bytes(lines * (1 + 64 * 3)), 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, RGB, 0, 0, 0))
    return PNG_START + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def with_archive(picture: bytes) -> bytes:
    """Put a zip archive behind a picture: the file is both."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("run.sh", "echo hello")
    return picture + packed.getvalue()


def gif_with_script() -> bytes:
    """Write a file that a browser would run as a script, and that begins like a GIF."""
    return b"GIF89a/*" + bytes(40) + b"*/=1;alert(1)//"


def exif_of_odd_tags(count: int = 60_000) -> bytes:
    """Write a PNG whose EXIF has many tags that say they are larger than the file."""
    tags = b"".join(
        struct.pack("<HHII", tag + 1, 7, 15_000_000, 8) for tag in range(min(count, 65_000))
    )
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + tags + bytes(4)
    return png(64, 64, before=chunk(b"eXIf", tiff))
