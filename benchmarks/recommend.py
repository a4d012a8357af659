"""Time a full query of `recommend` at growing sizes, beside peers, in one run.

    python -m benchmarks.recommend [--sizes 10000 100000 1000000] [--out benchmarks/recommend.json]

Coordinates and vectors are made up (seeded); the encoder is the real one where it is built. A
query is encode, filter, rank and shape, as `Recommender.recommend` does them. Beside it, on the
same vectors: FAISS flat and usearch (exact) for the search of the whole world, and a plain Python
haversine loop for the search of the neighbourhood. Times are medians, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from evaluation.retrieval import NoHistory, default_weights
from recommend.catalogue import Landmark
from recommend.earth import EARTH_RADIUS_KM, Places, unit_vectors
from recommend.embeddings import Embeddings
from recommend.models import RecommendRequest
from recommend.recommender import Recommender
from recommend.text_encoder import load_text_encoder
from recommend.wording import count_words, index_words
from text_encoder.build import OPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from recommend.catalogue import Catalogue
    from recommend.names import Names

DIMENSION = 384
TEXT = "historic monument with architecture"
TOP = 10


class SyntheticLandmarks(Sequence[Landmark]):
    """Landmarks that exist when they are asked for: a million objects are not the subject."""

    def __init__(self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> None:
        """Lie at these degrees, each `(n,)`."""
        self._latitudes, self._longitudes = latitudes, longitudes

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._latitudes)

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 - Sequence's overloads; no slices here
        """Make one."""
        return Landmark(
            f"place-{at}", f"Place {at}", (), "FR", "Somewhere", float(self._latitudes[at]),
            float(self._longitudes[at]), ("monument",), unesco=False, popularity=50,
            description="A monument.",
        )  # fmt: skip


class SyntheticCatalogue:
    """What `Recommender` reads of a catalogue."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        """Spread `size` places evenly over the sphere."""
        latitudes = np.degrees(np.arcsin(rng.uniform(-1, 1, size)))
        longitudes = rng.uniform(-180, 180, size)
        self.landmarks = SyntheticLandmarks(latitudes, longitudes)
        self.directions = unit_vectors(latitudes, longitudes)
        self.latitudes, self.longitudes = latitudes, longitudes
        self.popularity = rng.uniform(0.01, 1, size).astype(np.float32)
        self.positions: dict[str, int] = {}

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.landmarks)


class NumberedNames:
    """Finds "place-<number>"."""

    def find(self, name: str) -> int | None:
        """Return the number."""
        return int(name.removeprefix("place-"))


def median_ms(work: Callable[[], object], seconds: float) -> float:
    """Return the median time of `work`, repeated for about `seconds`, at least 5 times."""
    work()
    times: list[float] = []
    until = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < until:  # noqa: PLR2004
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times), 3)


def haversine_loop(catalogue: SyntheticCatalogue, limit_km: float) -> list[int]:
    """Find what is near the first place as a loop over all of them would."""
    latitude, longitude = (
        math.radians(catalogue.latitudes[0]),
        math.radians(catalogue.longitudes[0]),
    )
    near = []
    for at, (degrees_north, degrees_east) in enumerate(
        zip(catalogue.latitudes.tolist(), catalogue.longitudes.tolist(), strict=True)
    ):
        north, east = math.radians(degrees_north), math.radians(degrees_east)
        chord = math.sin((north - latitude) / 2) ** 2
        chord += math.cos(latitude) * math.cos(north) * math.sin((east - longitude) / 2) ** 2
        if 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord))) <= limit_km:
            near.append(at)
    return near


def measure(size: int, encoder: Any, seconds: float) -> dict[str, Any]:  # noqa: ANN401
    """Return the figures at `size` landmarks."""
    import faiss  # noqa: PLC0415 - a peer, only here
    from usearch.index import search  # noqa: PLC0415

    rng = np.random.default_rng(size)
    catalogue = SyntheticCatalogue(size, rng)
    vectors = rng.standard_normal((size, DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    embeddings = Embeddings(vectors.astype(np.float16)[:, None])
    if size * DIMENSION * 4 <= 64 * 1024 * 1024:
        embeddings = Embeddings(embeddings.matrix.astype(np.float32))
    served = embeddings.matrix[:, 0].astype(np.float32)
    recommender = Recommender(
        catalogue=cast("Catalogue", catalogue),
        names=cast("Names", NumberedNames()),
        places=Places(catalogue.directions),
        embeddings=embeddings,
        encoder=lambda: encoder,
        wording=index_words([count_words([("monument", 1)])] + [count_words([])] * (size - 1)),
        history=NoHistory(),
        weights=default_weights(),
    )
    nearby = RecommendRequest(itinerary_landmarks=["place-0"], llava_description=TEXT)
    anywhere = RecommendRequest(llava_description=TEXT)
    query = encoder.encode(TEXT)
    brute = np.argsort(-(served @ query), kind="stable")[:TOP]
    own = np.argsort(-embeddings.similarities(query), kind="stable")[:TOP]
    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(served)
    figures = {
        "landmarks": size,
        "nearby_query_ms": median_ms(lambda: recommender.recommend("u", nearby), seconds),
        "global_query_ms": median_ms(lambda: recommender.recommend("u", anywhere), seconds),
        "same_top_10_as_brute_force": bool(np.array_equal(brute, own)),
        "encode_ms": median_ms(lambda: encoder.encode(TEXT), seconds / 2),
        "faiss_flat_search_ms": median_ms(lambda: flat.search(query[None], TOP), seconds),
    }
    figures["usearch_exact_search_ms"] = median_ms(
        lambda: search(served, query, TOP, exact=True), seconds
    )
    figures["python_haversine_loop_ms"] = median_ms(lambda: haversine_loop(catalogue, 50), 0)
    return figures


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("recommend.json"))
    wanted = parser.parse_args()
    encoder = load_text_encoder(OPT / "models" / "text_encoder" / "minilm", 2)
    report = {
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            # Others' work on the same cores makes every figure worse: run on an idle machine.
            "load_average_at_start": round(os.getloadavg()[0], 1),
        },
        "sizes": [measure(size, encoder, wanted.seconds) for size in wanted.sizes],
    }
    text = json.dumps(report, indent=2) + "\n"
    wanted.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
