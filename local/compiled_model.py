"""The classifier compiled for this machine, which answers in less than half the time; optional."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from local.commands import run
from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import CannotContinueError, say, skip, step

ROOT = Path(__file__).resolve().parents[1]
MODEL_ROOT = ROOT / "model_layer" / "opt"
BUNDLE = MODEL_ROOT / "models" / "classifier"
CLASSIFIER = ROOT / "model_layer" / "classifier"
PREDICT = ROOT / "functions" / "predict"
COMPILED = ROOT / "build" / "compiled"

_STAMP = COMPILED.with_suffix(".stamp")
_PROCESSOR = Path("/proc/cpuinfo")
_INPUTS = (
    BUNDLE,
    *(
        ROOT / "model_layer" / "classifier" / name
        for name in ("compile_model.py", "serving_form.py")
    ),
    *(PREDICT / name for name in ("eager.py", "instruction_sets.py")),
    *(PREDICT / name for name in ("requirements.txt", "requirements-eager.txt")),
)
_PYTHON_PATH = (ROOT / "model_layer", ROOT / "functions", ROOT / "shared_layer" / "python")
_TITLE = "Classifier compiled for this machine"


def compile_model() -> None:
    """Compile the bundle, unless that was tried for this very bundle; never raises.

    Without a compiler, or when it fails, `predict` runs the same network in eager PyTorch.
    """
    if not BUNDLE.is_dir():
        return
    stamp = content_stamp(_INPUTS, also=[sys.version, _instructions()])
    if is_current(_STAMP, stamp):
        skip(_TITLE)
        return
    if shutil.which("g++") is None:
        say(f"  - {_TITLE}: skipped, g++ is missing (predictions take more than twice as long)")
        return
    shutil.rmtree(COMPILED, ignore_errors=True)
    log = ROOT / ".local" / "compile.log"
    try:
        with step(f"{_TITLE} (half a minute, once)"):
            run(
                [sys.executable, "-m", "classifier.compile_model"],
                log=log,
                directory=ROOT,
                environment=os.environ
                | {
                    "PYTHONPATH": os.pathsep.join(str(folder) for folder in _PYTHON_PATH),
                    "MODEL_ROOT": str(MODEL_ROOT),
                    "COMPILED_MODELS": str(COMPILED),
                },
            )
    except CannotContinueError:
        shutil.rmtree(COMPILED, ignore_errors=True)
        say(f"    it failed, and predictions take more than twice as long; why: {log}")
    # Also after a failure: the same inputs would fail again.
    write_stamp(_STAMP, stamp)


def _instructions() -> str:
    """Return what this processor can do: a network compiled for another may not run here."""
    try:
        lines = _PROCESSOR.read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line for line in lines if line.startswith("flags")), platform.machine())
