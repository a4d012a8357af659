"""What is looked for, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Search:
    """What is looked for. `stops` are positions in the catalogue, `meaning` is `(d,)`.

    `implied`: the meaning is that of the stops, since nothing was described. `pictured`: a photo is
    part of it.
    """

    stops: tuple[int, ...]
    point: tuple[float, float] | None
    meaning: NDArray[np.float32] | None
    words: str
    implied: bool
    pictured: bool = False


@dataclass(frozen=True)
class Nearby:
    """Who is near enough: positions in the catalogue, rising, and how far each is, `(k,)`."""

    positions: NDArray[np.intp]
    apart_km: NDArray[np.float64]
    limit_km: float
