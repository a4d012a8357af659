"""Changed PNGs with right checksums: a decoder looks no further where one is wrong."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
_SUM = struct.Struct(">I")


def mend_checksums(data: bytes) -> bytes:
    """Return the data with the checksum that each chunk of a PNG should have (PNG, 5.3)."""
    if not data.startswith(_SIGNATURE):
        return data
    mended, at = bytearray(data), len(_SIGNATURE)
    while at + _HEAD.size <= len(data):
        length, _ = _HEAD.unpack_from(data, at)
        end = at + _HEAD.size + length
        if end + _SUM.size > len(data):
            break
        _SUM.pack_into(mended, end, zlib.crc32(data[at + 4 : end]))
        at = end + _SUM.size
    return bytes(mended)
