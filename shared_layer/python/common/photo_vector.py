"""Where a photo lies among words, as it is kept with its prediction.

`predict` writes it and `recommend` reads it: a vector in the space of a text encoder, in half
precision. Whoever reads it by another encoder than wrote it gets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# The attributes of an item.
VECTOR, VECTOR_ENCODER = "vector", "vector_encoder"


@dataclass(frozen=True, slots=True)
class PhotoVector:
    """`values` is `(d,)` float16 in little-endian bytes, of unit length up to rounding.

    `encoder_sha256` is of the text encoder's network.
    """

    values: bytes
    encoder_sha256: str

    def attributes(self) -> dict[str, Any]:
        """Return what an item has to keep."""
        return {VECTOR: self.values, VECTOR_ENCODER: self.encoder_sha256}


def read_vector(item: Mapping[str, Any]) -> PhotoVector | None:
    """Return the vector of an item, None where it has none."""
    if VECTOR not in item or VECTOR_ENCODER not in item:
        return None
    return PhotoVector(item[VECTOR], item[VECTOR_ENCODER])
