"""A program of this checkout that goes on after the command which started it has ended."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from typing import IO, TYPE_CHECKING, Any

from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1


class KeptProcess:
    """One program of a folder, started and stopped by this checkout alone.

    The process holds a lock on a file for as long as it lives. A number in a file may belong to
    someone else's process by now; a lock cannot.
    """

    def __init__(self, title: str, directory: Path, name: str) -> None:
        """Describe the program that keeps `<name>.lock` and `<name>.log` in `directory`.

        `title` is how a person is told of it.
        """
        self.log = directory / f"{name}.log"
        self._title = title
        self._directory = directory
        self._lock_file = directory / f"{name}.lock"
        self._process: subprocess.Popen[bytes] | None = None

    def note(self) -> dict[str, Any] | None:
        """Return what was noted when the running process was started; None when none runs."""
        if not self._lock_file.is_file():
            return None
        with self._lock_file.open() as lock:
            if _take(lock):
                return None
            note: dict[str, Any] = json.load(lock)
            return note

    def start(  # noqa: PLR0913 - what a process is, by keyword
        self,
        command: Sequence[str | Path],
        *,
        note: Mapping[str, object],
        working_directory: Path,
        environment: Mapping[str, str],
        prepare: Callable[[], None] = lambda: None,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start `command` in a session of its own, and note what `note` is to return.

        `prepare` runs first, when nothing else can be running. Raises `CannotContinueError` when
        the program of this folder runs already.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        # The lock before anything else: what is prepared may be a running program's.
        with self._lock_file.open("a") as lock:
            if not _take(lock):
                message = f"{self._title} of {self._directory} is running already: make down"
                raise CannotContinueError(message)
            lock.truncate(0)
            prepare()
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                    command,
                    cwd=working_directory,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=[lock.fileno(), *pass_fds],
                )
            json.dump({"pid": self._process.pid, **note}, lock)
        return self._process

    def stop(self) -> bool:
        """Stop the process that this checkout started; return whether there was one."""
        note = self.note()
        if note is not None:
            self._end(note["pid"])
        if self._process is not None:
            self._process.wait()
        return note is not None

    def _end(self, process_group: int) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process_group, number)
            except ProcessLookupError:
                return
            if wait_until(lambda: self.note() is None, _STOP_SECONDS):
                return


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
