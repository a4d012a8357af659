"""`predict` when it is cold: from a new interpreter to the first answer, and the most memory."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fresh import Start, Taken, start_in_turns
from benchmarks.lambda_environment import function_environment, init_phase
from benchmarks.predict_networks import THREADS
from benchmarks.reports import ROOT
from benchmarks.timing import ratio_of, spread_of
from predict.instruction_sets import usable_here

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.predict_networks import Case
    from benchmarks.reports import Report

OURS = "ours"
PEERS = ("classifier_alone", "ours_by_pytorch", "bare_torch", "timm", "onnx")
PHOTO = ROOT / "tests" / "photos" / "colosseum.jpg"
_DROP_CACHES = Path("/proc/sys/vm/drop_caches")
_NOBODY = "http://127.0.0.1:9"


def measure_cold(
    cases: Mapping[str, Case], folder: Path, rounds: int, before: Callable[[], None] | None = None
) -> Report:
    """Return what each start took, by network; `before` runs before each."""
    event = folder / "event.json"
    event.write_text(json.dumps(event_of(PHOTO)), encoding="utf-8")
    return {
        name: figures_of(start_in_turns(starts_of(case, event), rounds, before))
        for name, case in cases.items()
    }


def starts_of(case: Case, event: Path) -> dict[str, Start]:
    """Return what is started: ours, and what it is compared with."""
    environment = function_environment("predict") | init_phase(_NOBODY)
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(ROOT), environment["PYTHONPATH"]]),
        "LOG_LEVEL": "INFO",
        "MODEL_ROOT": str(case.model_root),
        "COMPILED_MODELS": str(case.compiled(usable_here()[0].name, THREADS[-1])),
        "TORCH_THREADS": str(THREADS[-1]),
        "BENCHMARK_EVENT": str(event),
        "BENCHMARK_PHOTO": str(PHOTO),
        "BENCHMARK_CASE": str(case.folder),
    }
    return {
        name: Start(f"from benchmarks.predict_starts import {name}; {name}()", environment)
        for name in (OURS, *PEERS)
    }


def figures_of(taken: Mapping[str, Taken]) -> Report:
    """Sum up what each took, and what ours is of each peer."""
    ours = taken[OURS]
    return {
        "starts": {
            name: {
                "wall": asdict(spread_of(one.wall_ms)),
                "cpu": asdict(spread_of(one.cpu_ms)),
                "peak": asdict(spread_of(one.peak_mb, "MB")),
            }
            for name, one in taken.items()
        },
        "ratios": {
            peer: {
                "wall": asdict(ratio_of(ours.wall_ms, taken[peer].wall_ms)),
                "peak": asdict(ratio_of(ours.peak_mb, taken[peer].peak_mb)),
            }
            for peer in PEERS
        },
    }


def event_of(photo: Path) -> Report:
    """Return the event of `POST /predict` with a photo as its body."""
    recorded = ROOT / "tests" / "events" / "predict.json"
    event: Report = json.loads(recorded.read_text(encoding="utf-8"))
    event["headers"]["content-type"] = "image/jpeg"
    return {
        **event,
        "body": base64.b64encode(photo.read_bytes()).decode("ascii"),
        "isBase64Encoded": True,
    }


def can_drop_caches() -> bool:
    """Say whether this process may empty the page cache."""
    return os.access(_DROP_CACHES, os.W_OK)


def drop_caches() -> None:
    """Have Linux forget every file that it has in memory, as a host has that never ran this."""
    os.sync()
    _DROP_CACHES.write_text("3", encoding="ascii")
