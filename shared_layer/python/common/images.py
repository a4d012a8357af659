"""Photos as they arrive: checked by their content, turned upright, reduced to plain RGB.

The format is told from the bytes, never from a name or a header. Dimensions are read before
anything is decoded, and parts are counted (`image_parts.py`), so a small file can neither unfold
into gigabytes nor keep a decoder busy for minutes. What comes out has no metadata.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from common.errors import (
    ImageFormatUnsupported,
    ImageMissing,
    ImageTooLarge,
    ImageTooManyPixels,
    ImageUnreadable,
)
from common.image_parts import refuse_too_many_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

# What `decode_upright` refuses a photo with.
IMAGE_ERRORS = (
    ImageFormatUnsupported,
    ImageMissing,
    ImageTooLarge,
    ImageTooManyPixels,
    ImageUnreadable,
)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# JPEGs of 50 megapixels, the most that is read, have 10 to 20 MB as phones make them. S3 refuses
# larger uploads as well.
MAX_IMAGE_BYTES = 25 * 1024 * 1024
# Phones make 12 to 50 megapixels; 50 MP are 150 MB once decoded.
MAX_IMAGE_PIXELS = 50_000_000
# What a JPEG can have (its sizes have 16 bits). Decoders keep a pointer for every line: a picture
# of one column would take more memory for those than for its pixels.
MAX_SIDE_PX = 65_535
# Where a picture may be seen through, this is behind it.
BACKDROP = (255, 255, 255)

# Leading bytes of formats that are images but not read here, to say so. "ftyp" boxes (HEIC, AVIF)
# start at byte 4 (ISO/IEC 14496-12).
_UNSUPPORTED = (
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"%PDF", "PDF"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftyphevc", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (4, b"ftypavif", "AVIF"),
)

# Pillow only warns of bombs, at a limit of its own; ours is enforced below, from the header.
Image.MAX_IMAGE_PIXELS = None


def decode_upright(data: bytes, enough_px: int) -> Image.Image:
    """Decode a photo to RGB, as a viewer would show it.

    A large JPEG is decoded at a fraction of its size (a power of two, by the decoder itself), at
    least `enough_px` on either side. Of an animation the first frame is taken.

    Raises:
        ImageMissing: there are no bytes.
        ImageTooLarge: more than `MAX_IMAGE_BYTES`.
        ImageFormatUnsupported: an image of another format, named where it is known.
        ImageTooManyPixels: more than `MAX_IMAGE_PIXELS`.
        ImageUnreadable: no image, or a damaged one.

    """
    if not data:
        raise ImageMissing
    if len(data) > MAX_IMAGE_BYTES:
        message = f"The image has {len(data)} bytes; at most {MAX_IMAGE_BYTES} are read."
        raise ImageTooLarge(message)
    refuse_too_many_parts(data)
    # Pillow warns of every odd tag, and a file may have 65,000: on Lambda each is lines in the log.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _decode(data, enough_px)


def _decode(data: bytes, enough_px: int) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise _unidentified(data) from None
    except Exception as error:  # decoders raise whatever a damaged header leads them to
        raise ImageUnreadable from error
    with image:
        _refuse_too_many_pixels(image)
        try:
            image.draft("RGB", (enough_px, enough_px))
            image.load()
            upright = _as_rgb(image)
            ImageOps.exif_transpose(upright, in_place=True)
        except Exception as error:  # as above: truncated data, broken chunks, bad palettes
            raise ImageUnreadable from error
        upright.info.clear()
        upright.getexif().clear()
        return upright


def _refuse_too_many_pixels(image: Image.Image) -> None:
    width, height = image.size
    if max(width, height) > MAX_SIDE_PX:
        message = (
            f"The image has {width} x {height} pixels; at most {MAX_SIDE_PX} are read on a side."
        )
        raise ImageTooManyPixels(message)
    if width * height > MAX_IMAGE_PIXELS:
        message = (
            f"The image has {width} x {height} pixels; at most {MAX_IMAGE_PIXELS // 1_000_000} "
            "megapixels are read. Scale it down and send it again."
        )
        raise ImageTooManyPixels(message)


def _as_rgb(image: Image.Image) -> Image.Image:
    """Convert any mode to RGB without clipping 16-bit values, on a white backdrop."""
    if image.mode == "I" or image.mode.startswith("I;16"):
        # 16 bits of grey: Pillow's own conversion would clip at 255 instead of scaling.
        scaled = image.convert("I").point([value // 256 for value in range(65536)], "L")
        return _keeping_exif(scaled.convert("RGB"), image)
    if image.has_transparency_data:
        # One copy of the picture and no more: this is what takes the most memory.
        pixels = image if image.mode == "RGBA" else image.convert("RGBA")
        flat = Image.new("RGB", pixels.size, BACKDROP)
        flat.paste(pixels, mask=pixels)
        return _keeping_exif(flat, image)
    return image if image.mode == "RGB" else _keeping_exif(image.convert("RGB"), image)


def _keeping_exif(converted: Image.Image, original: Image.Image) -> Image.Image:
    """Carry the orientation over: it is applied after the conversion."""
    exif = original.getexif()
    if exif:
        converted.info["exif"] = exif.tobytes()
    return converted


def _unidentified(data: bytes) -> ImageUnreadable | ImageFormatUnsupported:
    for start, signature, name in _UNSUPPORTED:
        if data[start : start + len(signature)] == signature:
            message = f"{name} files are not read. Send JPEG, PNG, WebP or GIF."
            return ImageFormatUnsupported(message)
    head = data[:256].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml")):
        return ImageFormatUnsupported("SVG files are not read. Send JPEG, PNG, WebP or GIF.")
    return ImageUnreadable()


def supported_media_types() -> Iterator[str]:
    """Yield the media types of `FORMATS`, for descriptions of the API."""
    for name in FORMATS:
        yield f"image/{name.lower()}"
