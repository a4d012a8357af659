"""Measure whether words find landmarks, and whether travellers would agree with `recommend`.

    python -m evaluation.retrieval [--misses] [--set wording_weight_percent=0 ...]

Every query describes one landmark without its name and is put to `recommend` as a search of the
whole world. Settings were chosen on the `tune` halves; the `test` halves are what counts, and are
tried once more with typing errors. `queries.json` was written in visitors' words,
`queries_hard.json` from names alone: what a model says of a photo, memories, keywords, mistyped
ones, and some with a place. `judged_cases.json` are requests and what a traveller would accept.
`--set` tries another setting of `recommend`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from evaluation.judging import judge, read_cases
from evaluation.mistyping import mistype
from recommend.bundle import Bundle
from recommend.earth import Places
from recommend.models import RecommendRequest
from recommend.names import Names
from recommend.ranking import Weights
from recommend.recommender import Recommender
from recommend.settings import RecommendSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from recommend.recommender import History

HERE = Path(__file__).parent
OPT = HERE.parent / "opt"
SETS = ("queries", "queries_hard")
# What has to be reached over the whole catalogue on each set's test split.
TARGETS = {"top_1": 0.45, "top_5": 0.70, "top_10": 0.80}
# Landmarks that are looked at; one that comes later counts as not found.
SHOWN = 10
_ANYONE = "evaluation"


class NoHistory:
    """Nobody has predictions here."""

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Fail: no query has a prediction."""
        raise LookupError(user_id, prediction_id)


@dataclass(frozen=True)
class Retrieval:
    """Shares of queries whose landmark came among the first, and the mean reciprocal rank."""

    queries: int
    top_1: float
    top_5: float
    top_10: float
    mean_reciprocal_rank: float

    def missed(self) -> list[str]:
        """Return the targets that are not reached."""
        return [name for name, share in TARGETS.items() if getattr(self, name) < share]


def find(recommender: Recommender, queries: Sequence[Mapping[str, str]]) -> NDArray[np.float64]:
    """Return the rank of each query's landmark among those shown, from 1; infinite beyond."""
    found = np.full(len(queries), np.inf)
    for row, query in enumerate(queries):
        request = RecommendRequest(llava_description=query["query"], top_k=SHOWN)
        answer = recommender.recommend(_ANYONE, request)
        shown = [place.landmark_id for place in answer.recommendations]
        if query["landmark_id"] in shown:
            found[row] = shown.index(query["landmark_id"]) + 1
    return found


def summarise(found: NDArray[np.float64]) -> Retrieval:
    """Sum ranks `(q,)` from 1 up."""
    top_1, top_5, top_10 = (round(float(np.mean(found <= most)), 4) for most in (1, 5, 10))
    return Retrieval(len(found), top_1, top_5, top_10, round(float(np.mean(1 / found)), 4))


def read_queries(name: str) -> list[dict[str, str]]:
    """Read a set: objects with `query`, `landmark_id` and, but for a foreign one, `split`."""
    path = HERE / f"{name}.json" if name in SETS else Path(name)
    queries: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return queries


def default_weights(**changes: int) -> Weights:
    """Return what `recommend` ranks with when its environment says nothing else than `changes`."""
    settings = RecommendSettings(
        environment="local",
        powertools_service_name="evaluation",
        powertools_metrics_namespace="evaluation",
        service_version="0",
        table_name="none",
        model_root=OPT,
    )
    return Weights.of(replace(settings, **cast("dict[str, Any]", changes)))


def recommender_of(bundle: Bundle, weights: Weights, history: History | None = None) -> Recommender:
    """Return what `recommend` answers with, without a table."""
    return Recommender(
        catalogue=bundle.catalogue,
        names=Names(bundle.catalogue.landmarks),
        places=Places(bundle.catalogue.directions),
        embeddings=bundle.embeddings,
        encoder=lambda: bundle.encoder,
        wording=bundle.wording,
        history=history or NoHistory(),
        weights=weights,
        correct=bundle.correct,
    )


def groups(queries: Sequence[Mapping[str, str]]) -> dict[str, list[int]]:
    """Return the rows of each split, and of each style of the test split."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, query in enumerate(queries):
        split = query.get("split", "test")
        rows[split].append(row)
        if split == "test" and "style" in query:
            rows[f"test, {query['style']}"].append(row)
    return dict(sorted(rows.items()))


def measure(recommender: Recommender, name: str, *, misses: bool) -> list[str]:
    """Print the figures of a set; return the targets that its test split misses."""
    queries = read_queries(name)
    name = Path(name).stem
    found = find(recommender, queries)
    missed: list[str] = []
    for group, rows in groups(queries).items():
        figures = summarise(found[rows])
        _show(f"{name} {group}", figures)
        if group == "test":
            missed = [f"{name}: {target}" for target in figures.missed()]
    mistyped = [
        {**query, "query": mistype(query["query"], row)}
        for row, query in enumerate(queries)
        if query.get("split", "test") == "test"
    ]
    _show(f"{name} test, mistyped by us", summarise(find(recommender, mistyped)))
    if misses:
        for row in np.flatnonzero(np.isinf(found)):
            _say(f"      {queries[row]['landmark_id']}: {queries[row]['query']}")
    return missed


def main() -> int:
    """Print the figures; return 1 when a target is missed or a case is not held."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queries", nargs="+", default=SETS, help="sets, or files in their form")
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--opt", type=Path, default=OPT)
    parser.add_argument("--misses", action="store_true", help="show what was not in the top 10")
    parser.add_argument("--set", nargs="+", default=[], help="settings, as name=number")
    wanted = parser.parse_args()
    changes = dict(setting.split("=") for setting in wanted.set)
    weights = default_weights(**{name: int(value) for name, value in changes.items()})
    bundle = Bundle(wanted.opt, wanted.encoder, 2)
    recommender = recommender_of(bundle, weights)
    _say(f"{len(bundle.catalogue)} landmarks, {wanted.encoder}")
    _say(f"{'':35} queries    top 1   top 5  top 10     MRR")
    failed: list[str] = []
    for name in wanted.queries:
        failed += measure(recommender, name, misses=wanted.misses)
    cases = read_cases()
    faults = judge(recommender, cases)
    _say(f"judged cases: {len(cases) - len(faults)} of {len(cases)} hold")
    failed += faults
    for failure in failed:
        _say(f"missed: {failure}")
    return 1 if failed else 0


def _show(label: str, figures: Retrieval) -> None:
    _say(
        f"{label:35} {figures.queries:7}  {figures.top_1:7.1%} {figures.top_5:7.1%}"
        f" {figures.top_10:7.1%}  {figures.mean_reciprocal_rank:6.3f}"
    )


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    sys.exit(main())
