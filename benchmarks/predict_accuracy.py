"""What each compiled network costs in accuracy, beside eager PyTorch in float32.

    python -m benchmarks.predict_accuracy SET PHOTOS OUT.npz

runs the shipped bundle over the test split with one package, or with `eager`, through the code of
`make evaluate`, and writes the raw outputs.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.fresh import run_python
from benchmarks.reports import ROOT
from predict.instruction_sets import usable_here

if TYPE_CHECKING:
    from benchmarks.predict_networks import Case
    from benchmarks.reports import Report
    from classifier.outputs import Outputs
    from predict.bundle import Bundle

# At most so many percentage points worse.
TOLERANCE_POINTS = 0.2
_PATHS = (ROOT, ROOT / "functions", ROOT / "shared_layer" / "python", ROOT / "model_layer")
_PARTS = ("known", "unknown", "plain")
_COLUMNS = ("logits", "scene", "features")


def measure_accuracy(case: Case, photos: Path) -> Report:
    """Return the figures of every package that this processor runs, and of the eager network."""
    names = ("eager", *(instructions.name for instructions in usable_here()))
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, _PATHS)),
        "POWERTOOLS_SERVICE_NAME": "benchmark",
        "POWERTOOLS_TRACE_DISABLED": "1",
    }
    with tempfile.TemporaryDirectory() as folder:
        given = {}
        for name in names:
            sys.stderr.write(f"naming the test photos: {name}\n")
            out = Path(folder) / f"{name}.npz"
            run_python(
                ["-m", "benchmarks.predict_accuracy", name, str(photos.resolve()), str(out)],
                environment,
            )
            given[name] = _read(out)
    return compare_outputs(given, case.bundle)


def compare_outputs(given: dict[str, tuple[dict[str, Outputs], Any]], bundle: Bundle) -> Report:
    """Return each one's figures in per cent, and how often it agrees with `eager`.

    `given` has, by name, outputs of known, unknown and plain pictures, and the truth `(n,)` of the
    known.
    """
    from classifier.evaluate import accept_figures, accuracy_figures, judge_all  # noqa: PLC0415

    reference = {part: judge_all(given["eager"][0][part], bundle) for part in _PARTS}
    figures: Report = {}
    for name, (outputs, truth) in given.items():
        known = accuracy_figures(outputs["known"], truth, bundle)
        judged = {part: judge_all(outputs[part], bundle) for part in _PARTS}
        same_first = [judged[part].first == reference[part].first for part in _PARTS]
        same_verdict = [judged[part].recognised == reference[part].recognised for part in _PARTS]
        figures[name] = {
            **{figure: _percent(known[figure]) for figure in ("top1", "top5", "macro")},
            "recognised": _percent(known["recognised"]),
            "accepted_unknown": _percent(accept_figures(outputs["unknown"], bundle)["accepted"]),
            "accepted_plain": _percent(accept_figures(outputs["plain"], bundle)["accepted"]),
            "same_first": _percent(float(np.concatenate(same_first).mean())),
            "same_verdict": _percent(float(np.concatenate(same_verdict).mean())),
        }
    counts = {part: len(reference[part].first) for part in _PARTS}
    return {"pictures": counts, "tolerance_points": TOLERANCE_POINTS, "figures": figures}


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _read(path: Path) -> tuple[dict[str, Outputs], Any]:
    from classifier.outputs import Outputs  # noqa: PLC0415 - as above

    with np.load(path) as arrays:
        outputs = {
            part: Outputs(*(arrays[f"{part}_{column}"] for column in _COLUMNS)) for part in _PARTS
        }
        return outputs, arrays["truth"]


def _run(name: str, folder: Path, out: Path) -> None:
    # The instructions are settled before anything computes.
    from benchmarks.predict_networks import THREADS, Case  # noqa: PLC0415
    from predict.network import EagerNetwork, Network, load_network  # noqa: PLC0415

    case = Case("lite2")
    network: Network = (
        EagerNetwork(case.bundle)
        if name == "eager"
        else load_network(case.bundle, case.compiled(name, THREADS[-1]), THREADS[-1])
    )
    from classifier.evaluate import _collection_names, scene_outputs  # noqa: PLC0415
    from classifier.outputs import labels, paths, run_all  # noqa: PLC0415
    from classifier.package import split_photos  # noqa: PLC0415

    bundle = case.bundle
    known, unknown = split_photos(folder, "test")
    outputs = {
        "known": run_all(network, paths(folder, known), bundle.px, "known"),
        "unknown": run_all(network, paths(folder, unknown), bundle.px, "unknown"),
        "plain": scene_outputs(network, bundle.px),
    }
    arrays: dict[str, Any] = {
        f"{part}_{column}": getattr(outputs[part], column) for part in _PARTS for column in _COLUMNS
    }
    arrays["truth"] = labels(known, _collection_names(known, bundle))
    np.savez(out, **arrays)


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
