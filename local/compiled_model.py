"""The classifier compiled for this machine, which answers in 0.6 of the time; optional."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from local.commands import run
from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import CannotContinueError, say, skip, step

ROOT = Path(__file__).resolve().parents[1]
MODEL_ROOT = ROOT / "model_layer" / "opt"
BUNDLE = MODEL_ROOT / "models" / "classifier"
COMPILER = ROOT / "model_layer" / "classifier" / "compile_model.py"
PREDICT = ROOT / "functions" / "predict"
COMPILED = ROOT / "build" / "compiled" / "classifier.pt2"

_REQUIREMENTS = (PREDICT / "requirements.txt", PREDICT / "requirements-eager.txt")
_PYTHON_PATH = (ROOT / "model_layer", ROOT / "functions", ROOT / "shared_layer" / "python")
_TITLE = "Classifier compiled for this machine"


def compile_model() -> None:
    """Compile the bundle, unless that was tried for this very bundle; never raises.

    Without a compiler, or when it fails, `predict` runs the same network in eager PyTorch.
    """
    if not BUNDLE.is_dir():
        return
    stamp = content_stamp(
        [BUNDLE, COMPILER, PREDICT / "eager.py", *_REQUIREMENTS], also=[sys.version]
    )
    stamp_file = COMPILED.with_suffix(".stamp")
    if is_current(stamp_file, stamp):
        skip(_TITLE)
        return
    if shutil.which("g++") is None:
        say(f"  - {_TITLE}: skipped, g++ is missing (predictions take about 1.7 times as long)")
        return
    COMPILED.unlink(missing_ok=True)
    log = ROOT / ".local" / "compile.log"
    try:
        with step(f"{_TITLE} (about a minute, once)"):
            run(
                [sys.executable, "-m", "classifier.compile_model"],
                log=log,
                directory=ROOT,
                environment=os.environ
                | {
                    "PYTHONPATH": os.pathsep.join(str(folder) for folder in _PYTHON_PATH),
                    "MODEL_ROOT": str(MODEL_ROOT),
                    "COMPILED_MODEL_PATH": str(COMPILED),
                },
            )
    except CannotContinueError:
        COMPILED.unlink(missing_ok=True)
        say(f"    it failed, and predictions take about 1.7 times as long; why: {log}")
    # Also after a failure: the same inputs would fail again.
    write_stamp(stamp_file, stamp)
