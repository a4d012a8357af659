"""Decode a file like a function does, in a process of its own, and say what that took.

`python -m local.attacks.decoding FILE` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENOUGH_PX = 768


@dataclass(frozen=True)
class Decoding:
    """What came of a file: its size as "80 x 60" or an error's name, and the price of it."""

    outcome: str
    cpu_seconds: float
    peak_mb: float
    logged_bytes: int = 0


def decode_apart(file: Path, timeout_seconds: float = 120.0) -> Decoding:
    """Decode `file` in a process of its own.

    Raises:
        subprocess.TimeoutExpired: it took longer.
        subprocess.CalledProcessError: the process died.

    """
    path = os.pathsep.join(map(str, (ROOT, ROOT / "shared_layer" / "python")))
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "local.attacks.decoding", str(file)],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": path},
        check=True,
        capture_output=True,
        timeout=timeout_seconds,
    )
    return Decoding(**{**json.loads(done.stdout), "logged_bytes": len(done.stderr)})


def _peak_mb() -> float:
    # Of this program alone: what `getrusage` says begins with whoever started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def _decode(data: bytes) -> Decoding:
    from common.errors import DomainError  # noqa: PLC0415 - not for those who only want a process
    from common.images import decode_upright  # noqa: PLC0415

    started = time.process_time()
    try:
        image = decode_upright(data, ENOUGH_PX)
        outcome = f"{image.width} x {image.height}"
    except DomainError as error:
        outcome = type(error).__name__
    return Decoding(outcome, round(time.process_time() - started, 2), round(_peak_mb(), 1))


if __name__ == "__main__":
    print(json.dumps(asdict(_decode(Path(sys.argv[1]).read_bytes()))))  # noqa: T201
