"""Bounds change how long an answer takes, never the answer."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommend.catalogue import Catalogue
from recommend.embeddings import Embeddings
from recommend.ranker import Ranker
from recommend.ranking import Weights
from recommend.search import Nearby, Search
from recommend.wording import count_words, index_words
from tests.unit.recommend.conftest import WEIGHTS, place
from tests.unit.recommend.test_quantized import quantized, queries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recommend.wording import Wording

WORDS = ("stone", "arch", "bridge", "castle")


class CountedEmbeddings(Embeddings):
    """Tells how many landmarks were compared with the query itself."""

    compared = 0

    def similarities(
        self, query: NDArray[np.float32], positions: NDArray[np.intp] | None = None
    ) -> NDArray[np.float32]:
        scores = super().similarities(query, positions)
        type(self).compared += len(scores)
        return scores


def catalogue_of(popularity: NDArray[np.int64]) -> Catalogue:
    return Catalogue(
        [place(f"p{at}", 0, 0, popularity=int(points)) for at, points in enumerate(popularity)]
    )


def wording_of(size: int, rng: np.random.Generator) -> Wording:
    """Give most of the entries each word, some twice, and all of them the first."""
    times = rng.integers(0, 3, (size, len(WORDS)))
    times[:, 0] = 1
    return index_words(
        [count_words([(word, int(n)) for word, n in zip(WORDS, row, strict=True)]) for row in times]
    )


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a catalogue with ties of every kind, and a search in it."""
    matrix, meaning = draw(queries())
    size = len(matrix)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    positions = np.flatnonzero(rng.random(size) < draw(st.sampled_from([0.05, 0.5, 1])))
    nearby = Nearby(positions, 10 * rng.integers(0, 4, len(positions)).astype(np.float64), 50.0)
    part = st.sampled_from([0.0, 0.15, 0.7])
    return {
        "matrix": matrix,
        "catalogue": catalogue_of(rng.integers(1, draw(st.sampled_from([2, 5, 101])), size)),
        "wording": wording_of(size, rng),
        "weights": Weights(
            meaning=draw(part), distance=draw(part), popularity=draw(part), wording=draw(part),
            variety=draw(part),
        ),
        "search": Search(
            stops=tuple(rng.integers(0, size, draw(st.integers(0, 3))).tolist()), point=None,
            meaning=meaning, words=draw(st.sampled_from(["", "an old arch", "castle or bridge"])),
            implied=draw(st.booleans()),
        ),
        "nearby": draw(st.sampled_from([None, nearby])),
        "top_k": draw(st.sampled_from([1, 2, 5, 50])),
    }  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(cases())
def test_bounds_do_not_change_what_is_chosen(case: dict[str, Any]) -> None:
    rest = (case["wording"], case["weights"])
    asked = (case["search"], case["nearby"], case["top_k"])
    plain = Ranker(case["catalogue"], Embeddings(case["matrix"]), *rest).choose(*asked)
    with TemporaryDirectory() as folder:
        bounded = Embeddings(case["matrix"], quantized(case["matrix"], Path(folder)))
        assert Ranker(case["catalogue"], bounded, *rest).choose(*asked) == plain


def test_most_landmarks_are_never_compared(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    rows = rng.standard_normal((4000, 1, 384))
    matrix = (rows / np.linalg.norm(rows, axis=2, keepdims=True)).astype(np.float16)
    embeddings = CountedEmbeddings(matrix, quantized(matrix, tmp_path))
    ranker = Ranker(
        catalogue_of(rng.integers(1, 101, 4000)), embeddings, wording_of(4000, rng), WEIGHTS
    )
    search = Search((), None, matrix[5, 0].astype(np.float32), "an old arch", implied=False)
    chosen = ranker.choose(search, None, 5)
    assert len(chosen) == 5
    assert 20 <= CountedEmbeddings.compared < 1000
