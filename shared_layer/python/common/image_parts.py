"""How many parts an image file has: counted before a decoder sees them.

A decoder does work for every part of a file: a scan of a JPEG goes over all of its blocks, a chunk
of a PNG is unpacked and checked. A file that is small, and shows a picture of an allowed size, can
so keep a processor for minutes or fill the memory. Measured with Pillow 13 on one core, before
these limits: 360 KB of JPEG with 1,000 scans over 50 megapixels 32 s, 24 MB of PNG with 22,000
colour profiles 52 s, 24 MB of GIF with 5 million empty comments 900 MB.
`make attacks` measures it again, with them.

Only parts are counted here. Whether they make sense is the decoder's business.
"""

from __future__ import annotations

import re
from struct import Struct

from common.errors import ImageUnreadable

# The most that a sound file has: a JPEG of 25 MB fills 400 segments, a PNG as libpng writes it
# 3,200 chunks of 8 KB.
MAX_PARTS = 10_000
# Encoders write 10 scans (libjpeg's own progression), some a few more. Fifty over 50 megapixels
# take two seconds.
MAX_SCANS = 50
# Some cameras fill up between segments; decoders look at such bytes one by one.
MAX_FILLING_BYTES = 65_536

_MARKER = re.compile(rb"\xff[\x01-\xfe]")
# In a scan, FF 00 is a byte of the picture and FF D0 to FF D7 are restarts.
_MARKER_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
# Markers without a length (ITU-T T.81, table B.1): TEM, RST0 to RST7, SOI.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_U16 = Struct(">H")
_CHUNK = Struct(">I4s")
_PNG, _GIF = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")
_EXTENSION = 0x21
_IMAGE_OR_END = frozenset({0x2C, 0x3B})


def refuse_too_many_parts(data: bytes) -> None:
    """Refuse a file with more parts than any picture needs.

    Raises:
        ImageUnreadable: it has.

    """
    if data.startswith(b"\xff\xd8"):
        _count_segments(data)
    elif data.startswith(_PNG):
        _count_chunks(data)
    elif data.startswith(_GIF):
        _count_extensions(data)


def _count_segments(data: bytes) -> None:
    """Count segments and scans of a JPEG, up to its end; what follows is not decoded."""
    at, scans, filling, in_scan = 2, 0, 0, False
    for _ in range(MAX_PARTS):
        found = (_MARKER_AFTER_SCAN if in_scan else _MARKER).search(data, at)
        if found is None:
            return
        if not in_scan:
            filling += found.start() - at
        marker, at = data[found.end() - 1], found.end()
        if marker == _END_OF_IMAGE:
            return
        in_scan = marker == _START_OF_SCAN
        scans += in_scan
        if scans > MAX_SCANS or filling > MAX_FILLING_BYTES:
            raise ImageUnreadable
        if marker not in _ALONE:
            if at + _U16.size > len(data):
                return
            at += _U16.unpack_from(data, at)[0]
    raise ImageUnreadable


def _count_chunks(data: bytes) -> None:
    """Count the chunks of a PNG, and its colour profiles: there is one at most (PNG, 11.3.2.3)."""
    at, profiles = len(_PNG), 0
    for _ in range(MAX_PARTS):
        if at + _CHUNK.size > len(data):
            return
        length, kind = _CHUNK.unpack_from(data, at)
        profiles += kind == b"iCCP"
        if profiles > 1:
            raise ImageUnreadable
        if kind == b"IEND":
            return
        # Its length, its kind and its checksum go with a chunk.
        at += length + 12
    raise ImageUnreadable


def _count_extensions(data: bytes) -> None:
    """Count what a GIF has before its first image, the only one that is decoded."""
    # The global table of colours (GIF89a, 18): three bytes each, a power of two of them.
    packed = data[10] if len(data) > 10 else 0  # noqa: PLR2004 - its place in the header
    at = 13 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    for _ in range(MAX_PARTS):
        if at >= len(data) or data[at] in _IMAGE_OR_END:
            return
        at = _after_extension(data, at) if data[at] == _EXTENSION else at + 1
    raise ImageUnreadable


def _after_extension(data: bytes, at: int) -> int:
    """Return where an extension ends: it is a row of blocks, each with its length before it."""
    at += 2
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1
