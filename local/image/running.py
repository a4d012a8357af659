"""A function's entry point as a process of this machine, and what it took in memory."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

_PROC = Path("/proc")
_STOP_SECONDS = 10.0
_PEAK = "VmHWM:"


class RunningFunction:
    """The process of an entry point, from entering this as a context until leaving it.

    `process_ids` names the processes to look at, by default the one that was started; the ones that
    they started count too.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        process_ids: Callable[[], list[int]] | None = None,
    ) -> None:
        """Describe the process; nothing is started yet. What it says goes to `log`."""
        self._command = [str(part) for part in command]
        self._environment, self._directory = environment, directory
        self._process_ids = process_ids
        self._process: subprocess.Popen[bytes] | None = None
        self.log = log
        self.started_at = 0.0
        """By `time.monotonic`."""

    def __enter__(self) -> Self:
        """Start it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            self.started_at = time.monotonic()
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                cwd=self._directory,
                env=dict(self._environment) if self._environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it and what it started."""
        assert self._process is not None  # noqa: S101 - entered
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process is not None and self._process.poll() is None

    def peak_memory_mb(self) -> float:
        """Return the most memory that its largest process had resident so far, in 10^6 bytes."""
        assert self._process is not None  # noqa: S101 - entered
        first = self._process_ids() if self._process_ids else [self._process.pid]
        return max((_peak_kib(pid) for pid in _with_descendants(first)), default=0) * 1024 / 1e6


def _with_descendants(process_ids: Sequence[int]) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for stat in _PROC.glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything; state and parent follow it.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    waiting = list(process_ids)
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _peak_kib(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(_PEAK)), 0)
