"""Running an entry point, and what it takes."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from local.image.running import RunningFunction

if TYPE_CHECKING:
    from pathlib import Path

# In a process of its own, as an entry point that is a script would.
_FILL = "import time; kept = b'x' * 60_000_000; print('full', flush=True); time.sleep(60)"
START = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_FILL!r}])"


def wait_for(log: Path, words: str) -> None:
    deadline = time.monotonic() + 30
    while words not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.01)


def test_the_memory_of_processes_that_it_starts_counts(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with RunningFunction([sys.executable, "-c", START], log=log) as function:
        wait_for(log, "full")
        assert 60 < function.peak_memory_mb() < 200


def test_one_that_ended_is_known_to_have(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", "import sys; sys.exit('cannot start')"]
    with RunningFunction(command, log=log) as function:
        wait_for(log, "cannot start")
        deadline = time.monotonic() + 30
        while function.is_alive():
            assert time.monotonic() < deadline


def test_it_is_over_when_the_context_is_left(tmp_path: Path) -> None:
    with RunningFunction(["sleep", "60"], log=tmp_path / "log") as function:
        assert function.is_alive()
    assert not function.is_alive()
