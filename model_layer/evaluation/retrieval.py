"""Measure text-to-landmark retrieval and the judged recommendations.

    python -m evaluation.retrieval [--split tune | test] [--opt FOLDER] [--misses]

`queries.json` are descriptions in visitors' words, without names. A query is answered by the
score that `recommend` ranks with, over the whole catalogue. Settings were chosen on `tune`;
`test` is what counts. `judged_cases.json` are requests and what a traveller would accept.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

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
# What has to be reached over the whole catalogue on the test split.
TARGETS = {"top_1": 0.45, "top_5": 0.70, "top_10": 0.80}
_ANYONE = "evaluation"


class NoHistory:
    """Nobody has predictions here."""

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Fail: no judged case has a prediction."""
        raise LookupError(user_id, prediction_id)


@dataclass(frozen=True)
class Retrieval:
    """Shares of queries whose landmark came among the first, and the mean reciprocal rank."""

    queries: int
    top_1: float
    top_5: float
    top_10: float
    mean_reciprocal_rank: float


def ranks(scores: NDArray[np.float32], wanted: Sequence[int]) -> NDArray[np.intp]:
    """Return how many landmarks come before the wanted one, `(q,)`; a tie counts against it.

    `scores` `(q, n)`.
    """
    rows = np.arange(len(wanted))
    own = scores[rows, wanted][:, None]
    before: NDArray[np.intp] = np.count_nonzero(scores >= own, axis=1) - 1
    return before


def summarise(before: NDArray[np.intp]) -> Retrieval:
    """Sum ranks `(q,)` up."""
    return Retrieval(
        queries=len(before),
        top_1=round(float(np.mean(before < 1)), 4),
        top_5=round(float(np.mean(before < 5)), 4),  # noqa: PLR2004
        top_10=round(float(np.mean(before < 10)), 4),  # noqa: PLR2004
        mean_reciprocal_rank=round(float(np.mean(1 / (before + 1))), 4),
    )


def score_queries(
    bundle: Bundle, texts: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return similarity and shared wording of every landmark for every query, each `(q, n)`."""
    meaning = np.stack([bundle.embeddings.similarities(bundle.encoder.encode(t)) for t in texts])
    wording = np.stack([bundle.wording.score(text) for text in texts])
    return meaning, wording


def judge(recommender: Recommender, cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with the answers to the judged requests, a line a case."""
    faults = []
    for case in cases:
        request = RecommendRequest.model_validate(case["request"])
        answer = recommender.recommend(_ANYONE, request)
        shown = [place.landmark_id for place in answer.recommendations]
        good = len(set(shown) & set(case["expect_any_of"]))
        banned = sorted(set(shown) & set(case["must_not_contain"]))
        if good < case["expect_at_least"]:
            faults.append(f"{case['name']}: {good} of {case['expect_at_least']} expected: {shown}")
        if banned:
            faults.append(f"{case['name']}: {banned} must not be there")
    return faults


def read_json(name: str) -> list[dict[str, Any]]:
    """Read one of this folder's files."""
    entries: list[dict[str, Any]] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return entries


def default_weights() -> Weights:
    """Return what `recommend` ranks with when its environment says nothing else."""
    return Weights.of(
        RecommendSettings(
            environment="local",
            powertools_service_name="evaluation",
            powertools_metrics_namespace="evaluation",
            service_version="0",
            table_name="none",
            model_root=OPT,
        )
    )


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
    )


def main() -> int:
    """Print the figures as JSON; return 1 when a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=("tune", "test"), default="test")
    parser.add_argument("--queries", type=Path, help="another file in the form of queries.json")
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--opt", type=Path, default=OPT)
    parser.add_argument("--misses", action="store_true", help="show the queries not in the top 10")
    wanted = parser.parse_args()
    bundle, weights = Bundle(wanted.opt, wanted.encoder, 2), default_weights()
    if wanted.queries:
        queries = json.loads(wanted.queries.read_text(encoding="utf-8"))
    else:
        queries = [query for query in read_json("queries.json") if query["split"] == wanted.split]
    positions = [bundle.catalogue.positions[query["landmark_id"]] for query in queries]
    texts = [query["query"] for query in queries]
    meaning, wording = score_queries(bundle, texts)
    popularity = weights.popularity * bundle.catalogue.popularity
    served = weights.meaning * (meaning + weights.wording * wording) + popularity
    before = ranks(served, positions)
    cases = read_json("judged_cases.json")
    faults = judge(recommender_of(bundle, weights), cases)
    report = {
        "landmarks": len(bundle.catalogue),
        "encoder": wanted.encoder,
        "split": None if wanted.queries else wanted.split,
        "retrieval": summarise(before).__dict__,
        "of_meaning_alone": summarise(ranks(meaning, positions)).__dict__,
        "of_wording_alone": summarise(ranks(wording, positions)).__dict__,
        "judged_cases": {"cases": len(cases), "faults": faults},
    }
    print(json.dumps(report, indent=2, ensure_ascii=False))  # noqa: T201 - its output
    if wanted.misses:
        for row in np.flatnonzero(before >= 10):  # noqa: PLR2004
            print(f"{before[row] + 1:5} {queries[row]['landmark_id']}: {texts[row]}")  # noqa: T201
    retrieval = report["retrieval"]
    missed = [name for name, share in TARGETS.items() if retrieval[name] < share]
    if missed or faults:
        print(f"missed: {', '.join(missed) or 'judged cases'}", file=sys.stderr)  # noqa: T201
    return 1 if missed or faults else 0


if __name__ == "__main__":
    sys.exit(main())
