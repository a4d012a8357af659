"""Time `predict` beside what people would use instead: warm, cold, and how near to the limit.

    make bench SUITE=predict ARGS="--rounds 20 --starts 20"

The first run makes the networks below `build/benchmarks/predict`, which takes some minutes. With
`--photos FOLDER`, a collection as `make evaluate` takes it, what every package costs in accuracy
is measured, too; without, what was measured last stays. `--forget-files N` adds N rounds of starts
before each of which Linux forgets what it has read; root alone may have that done, and other
programs on the machine feel it.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.predict_accuracy import measure_accuracy
from benchmarks.predict_cold import can_drop_caches, drop_caches, measure_cold
from benchmarks.predict_networks import FOLDER, prepare_networks
from benchmarks.predict_photos import make_photos
from benchmarks.predict_warm import GENERATIONS, measure_warm
from benchmarks.reports import Report, read_report, results_of, write_report
from predict.instruction_sets import usable_here

PACKAGES = ("torch", "timm", "torchvision", "onnxruntime", "litserve", "pillow", "numpy")


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=results_of("predict"))
    parser.add_argument(
        "--rounds", type=int, default=12, help="of warm photos, for each network and threads (12)"
    )
    parser.add_argument("--starts", type=int, default=8, help="of each process, cold (8)")
    parser.add_argument("--forget-files", type=int, default=0, metavar="N")
    parser.add_argument("--photos", type=Path)
    wanted = parser.parse_args()
    if wanted.forget_files and not can_drop_caches():
        parser.error("--forget-files is for root, on Linux")
    cases = prepare_networks()
    photos = make_photos(FOLDER / "photos")
    last = read_report(wanted.out) if wanted.out.exists() else {}
    report: Report = {
        "machine": describe_machine(PACKAGES),
        "sets": [instructions.name for instructions in usable_here()],
        "photos": {
            name: {"megabytes": round(path.stat().st_size / 1e6, 1)}
            for name, path in photos.items()
        },
        "generations": GENERATIONS,
        "warm": measure_warm(cases, wanted.rounds),
        "cold": measure_cold(cases, FOLDER, wanted.starts),
    }
    forgetful = last.get("cold_without_files")
    if wanted.forget_files:
        forgetful = {
            "date": _today(),
            "networks": measure_cold(cases, FOLDER, wanted.forget_files, drop_caches),
        }  # fmt: skip
    accuracy = last.get("accuracy")
    if wanted.photos is not None:
        accuracy = {"date": _today(), **measure_accuracy(cases["lite2"], wanted.photos)}
    report |= {
        "cold_without_files": forgetful,
        "accuracy": accuracy,
        "load_average_at_end": round(os.getloadavg()[0], 1),
    }
    write_report(wanted.out, report)
    return 0


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    sys.exit(main())
