"""Time a full query of `recommend` at growing sizes, beside peers, in one run.

    make bench SUITE=recommend ARGS="--sizes 10000 --rounds 30"

A query is all that `Recommender.recommend` does: encode the text with the real encoder, filter,
rank, and shape the answer. Beside it, on the same vectors, FAISS's flat index and usearch's exact
search, which only find the most similar, and a plain Python loop over distances. Every answer is
compared with that of brute force.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, get_args

from benchmarks import brute_force
from benchmarks.answers import TOP, compare
from benchmarks.imports import time_imports
from benchmarks.machine import describe_machine
from benchmarks.reports import ROOT, results_of, write_report
from benchmarks.scan import measure_scan
from benchmarks.scene import LIMIT_KM, STOP, THREADS, Scene, set_scene
from benchmarks.synthetic import Kind
from benchmarks.timing import interleave, ratio_of, spread_of
from evaluation.retrieval import read_queries
from recommend.bundle import Bundle
from text_encoder.build import OPT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Search = Callable[[NDArray[np.float32]], list[int]]

BUILD = ROOT / "build"
PACKAGES = ("numpy", "onnxruntime", "tokenizers", "faiss-cpu", "usearch")
SIZES = (10_000, 100_000, 1_000_000)
TEXT = "historic monument with architecture"
# So many of the evaluation's queries, in visitors' words, are asked beside that text.
SENTENCES = 12
# What takes a second need not be repeated as often as what takes a millisecond.
LOOP_ROUNDS = 3


def measure(scene: Scene, sentences: Sequence[str], rounds: int) -> dict[str, Any]:
    """Return how long queries take, and how many answers are right."""
    queries = [scene.encoder.encode(text) for text in sentences]
    peers = _peers(scene.served)
    latitudes, longitudes = scene.world.latitudes.tolist(), scene.world.longitudes.tolist()
    stop = scene.stop
    times = interleave(
        {
            "nearby": lambda _: scene.ask(TEXT, nearby=True),
            "global": lambda _: scene.ask(TEXT, nearby=False),
            "global_sentence": lambda turn: scene.ask(
                sentences[turn % len(sentences)], nearby=False
            ),
            "encode": lambda _: scene.encoder.encode(TEXT),
            **{name: _in_turn(search, queries) for name, search in peers.items()},
            "haversine_loop": lambda _: brute_force.haversine_loop(
                latitudes, longitudes, stop, LIMIT_KM
            ),
        },
        rounds=rounds,
        fewer={"haversine_loop": LOOP_ROUNDS},
    )
    # Brute force knows nothing of spelling.
    texts = [scene.correct(text) for text in (TEXT, *sentences)]
    near, _, _ = scene.places.within(scene.world.directions[[stop]], LIMIT_KM)
    return {
        "landmarks": len(scene.world),
        "landmarks_nearby": len(near),
        "times": {name: asdict(spread_of(taken)) for name, taken in times.items()},
        "ratios": {name: asdict(ratio_of(times["global"], times[name])) for name in peers},
        "vectors_memory_mb": scene.vectors_memory_mb,
        "scan": measure_scan(scene.embeddings, queries, rounds),
        **compare(scene, texts, [scene.encoder.encode(text) for text in texts], peers),
    }


def _in_turn(search: Search, queries: Sequence[NDArray[np.float32]]) -> Callable[[int], list[int]]:
    return lambda turn: search(queries[turn % len(queries)])


def _peers(served: NDArray[np.float32]) -> dict[str, Search]:
    """Return exact searches of others: a query's vector to the positions of the most similar."""
    import faiss  # noqa: PLC0415 - only `make bench` installs them
    from usearch.index import search  # noqa: PLC0415

    faiss.omp_set_num_threads(THREADS)
    flat = faiss.IndexFlatIP(served.shape[1])
    flat.add(served)

    def ask_faiss(query: NDArray[np.float32]) -> list[int]:
        found: list[int] = flat.search(query[None], TOP)[1][0].tolist()
        return found

    def ask_usearch(query: NDArray[np.float32]) -> list[int]:
        found: list[int] = search(
            served, query, TOP, "ip", exact=True, threads=THREADS
        ).keys.tolist()
        return found

    return {"faiss_flat": ask_faiss, "usearch_exact": ask_usearch}


def main() -> int:
    """Measure and write; return 1 when an answer is not that of brute force."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--out", type=Path, default=results_of("recommend"))
    wanted = parser.parse_args()
    machine = describe_machine(PACKAGES)
    bundle = Bundle(OPT, "minilm", THREADS)
    sentences = [query["query"] for query in read_queries("queries")[:SENTENCES]]
    runs: list[dict[str, Any]] = []
    BUILD.mkdir(exist_ok=True)
    for size, kind in product(wanted.sizes, get_args(Kind)):
        sys.stderr.write(f"{size:,} landmarks, vectors: {kind}\n")
        with TemporaryDirectory(dir=BUILD) as folder:
            scene = set_scene(bundle, size, kind, Path(folder))
            runs.append({"vectors": kind, **measure(scene, sentences, wanted.rounds)})
    report = {
        "machine": machine,
        "request": {"text": TEXT, "near": STOP, "limit_km": LIMIT_KM},
        "threads": THREADS,
        "runs": runs,
        "import": time_imports(),
        "load_average_at_end": round(os.getloadavg()[0], 1),
    }
    write_report(wanted.out, report)
    same = [(run["texts"], run["same_as_brute_force"]) for run in runs]
    ours = ("recommendations_nearby", "recommendations_global", "top_10")
    return int(any(right[name] != texts for texts, right in same for name in ours))


if __name__ == "__main__":
    sys.exit(main())
