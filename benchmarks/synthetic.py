"""Catalogues of any size: the real one first, then places like its places near them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from recommend.catalogue import Landmark
from recommend.earth import unit_vectors
from recommend.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from recommend.catalogue import Catalogue

# Around each real place, so that cities stay dense and oceans empty.
SCATTER_DEGREES = 0.3
# How long the noise is that is added to a real vector of length 1: a cosine of 0.89 between them.
NOISE = 0.5
_ROWS_AT_ONCE = 16_384

Kind = Literal["like the catalogue", "noise"]


class World:
    """What `Recommender` reads of a catalogue of `size` places.

    `templates` `(n,)` says of which real landmark each is a variation; the first are the real
    ones themselves. A place is made when it is asked for: a million objects are not the subject.
    """

    def __init__(self, real: Catalogue, size: int, rng: np.random.Generator) -> None:
        """Scatter variations around the landmarks of `real`."""
        more = rng.integers(0, len(real), max(0, size - len(real)))
        self.templates = np.concatenate([np.arange(len(real)), more])[:size]
        places = [real.landmarks[at] for at in self.templates]
        latitudes = np.array([place.latitude for place in places])
        longitudes = np.array([place.longitude for place in places])
        scatter = rng.normal(scale=SCATTER_DEGREES, size=(2, size))
        scatter[:, : len(real)] = 0
        self.latitudes = np.clip(latitudes + scatter[0], -90, 90)
        around = np.maximum(np.cos(np.radians(latitudes)), 0.1)
        self.longitudes = (longitudes + scatter[1] / around + 180) % 360 - 180
        self.directions = unit_vectors(self.latitudes, self.longitudes)
        self.popularity = real.popularity[self.templates]
        self.positions = dict(real.positions)
        self.landmarks = _Landmarks(self, real)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.templates)


class _Landmarks(Sequence[Landmark]):
    def __init__(self, world: World, real: Catalogue) -> None:
        self._world, self._real = world, real

    def __len__(self) -> int:
        return len(self._world)

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 - Sequence's overloads; no slices here
        template = self._real.landmarks[self._world.templates[at]]
        if at < len(self._real):
            return template
        return replace(
            template,
            landmark_id=f"{template.landmark_id}-{at}",
            latitude=float(self._world.latitudes[at]),
            longitude=float(self._world.longitudes[at]),
        )


def write_vectors(
    path: Path,
    real: NDArray[np.float32],
    templates: NDArray[np.intp],
    kind: Kind,
    rng: np.random.Generator,
) -> None:
    """Write `(n, 1, d)` float16 of unit length, as the catalogue's vectors are kept.

    `real` `(m, d)`. Noise alone has no structure that a search could use.
    """
    dimension = real.shape[1]
    matrix = np.lib.format.open_memmap(path, "w+", np.float16, (len(templates), 1, dimension))
    for start in range(0, len(templates), _ROWS_AT_ONCE):
        part = templates[start : start + _ROWS_AT_ONCE]
        rows = rng.standard_normal((len(part), dimension), dtype=np.float32)
        if kind != "noise":
            rows *= np.float32(NOISE / np.sqrt(dimension))
            rows[: max(0, len(real) - start)] = 0
            rows += real[part]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        matrix[start : start + len(part), 0] = rows
    matrix.flush()


def spread_words(real: Wording, templates: NDArray[np.intp]) -> Wording:
    """Give every place the words of the real landmark that it is a variation of."""
    order = np.argsort(templates, kind="stable").astype(np.int32)
    first = np.searchsorted(templates[order], np.arange(real.size + 1))
    copies = np.diff(first)[real.entries]
    words = np.repeat(np.arange(len(real.starts) - 1), np.diff(real.starts))
    starts = np.concatenate([[0], np.cumsum(np.bincount(words, copies, len(real.rarity)))])
    within = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    entries = order[np.repeat(first[real.entries], copies) + within]
    weights = np.repeat(real.weights, copies)
    starts = starts.astype(np.int64)
    for start, end in pairwise(starts):
        rising = np.argsort(entries[start:end])
        entries[start:end] = entries[start:end][rising]
        weights[start:end] = weights[start:end][rising]
    return Wording(real.numbers, starts, entries, weights, real.rarity, len(templates))
