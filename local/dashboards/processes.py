"""The functions' processes: when each was there first, and the memory it has taken so far."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

PROCESSES = Path("/proc")
INTERVAL_SECONDS = 0.5
# The local cloud unpacks a function into a folder of its name and starts a process from there.
_WORKER = re.compile(r"/ministack-lambda-(?P<name>[\w-]+)-[^-/]+/_worker\.py")
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Peak:
    """The most that any process of a function had taken by a moment (seconds since 1970)."""

    at: float
    function: str
    megabytes: float


@dataclass(frozen=True)
class Start:
    """When a process of a function was first seen (seconds since 1970)."""

    at: float
    function: str


class ProcessWatch:
    """Looks at the processes of one local cloud, twice a second.

    The cloud's own REPORT lines do not say it: they have the largest of all processes that ever
    ended, or 0.
    """

    def __init__(self, folder: Path) -> None:
        """Watch the processes that run below `folder`, that of the cloud's state."""
        self._folder = str(folder)
        self._peaks: list[Peak] = []
        self._starts: dict[str, Start] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    @property
    def peaks(self) -> list[Peak]:
        """The memory that was seen so far."""
        return list(self._peaks)

    @property
    def starts(self) -> list[Start]:
        """The processes that were seen so far."""
        return list(self._starts.values())

    def _watch(self) -> None:
        while not self._ended.wait(INTERVAL_SECONDS):
            now = time.time()
            most: dict[str, float] = {}
            for process in PROCESSES.glob("[0-9]*"):
                found = self._look_at(process)
                if found:
                    name, megabytes = found
                    self._starts.setdefault(process.name, Start(now, name))
                    most[name] = max(most.get(name, 0), megabytes)
            self._peaks += [Peak(now, name, megabytes) for name, megabytes in most.items()]

    def _look_at(self, process: Path) -> tuple[str, float] | None:
        try:
            command = (process / "cmdline").read_text()
            worker = _WORKER.search(command)
            if worker is None or self._folder not in command:
                return None
            peak = _PEAK.search((process / "status").read_text())
        except OSError:
            # It has ended meanwhile.
            return None
        return (worker["name"], int(peak[1]) / 1024) if peak else None
