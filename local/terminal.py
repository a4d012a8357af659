"""What `make up` tells the person who waits for it."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A line this often tells someone without a terminal (a log, CI) that the step is alive.
_HEARTBEAT_SECONDS = 10.0
_TAIL_BYTES = 2_000
_LONGEST_LINE = 80
# Back to the start of the line, and nothing on it.
_CLEARED = "\r\033[K"


class CannotContinueError(RuntimeError):
    """Something is in the way; the message says what, and what to do about it."""


def say(message: str) -> None:
    """Print one line now."""
    print(message, flush=True)  # noqa: T201 - this module is the one that talks


@contextmanager
def step(title: str, log: Path | None = None) -> Iterator[None]:
    """Announce a step, tell while it runs how long and what `log` says last, and how it ended."""
    started = time.monotonic()
    ended = threading.Event()
    live = sys.stdout.isatty()

    def show() -> None:
        while not ended.wait(1.0 if live else _HEARTBEAT_SECONDS):
            line = f"  … {title} ({time.monotonic() - started:.0f} s){_last_words(log)}"
            if live:
                print(f"{_CLEARED}{line[: _columns() - 1]}", end="", flush=True)  # noqa: T201
            else:
                say(line)

    print(f"  … {title}", end="" if live else "\n", flush=True)  # noqa: T201
    shower = threading.Thread(target=show, daemon=True)
    shower.start()
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        ended.set()
        shower.join()
        say(f"{_CLEARED if live else ''}  {mark} {title} ({time.monotonic() - started:.1f} s)")


def _last_words(log: Path | None) -> str:
    if log is None or not log.is_file():
        return ""
    words = log.read_bytes()[-_TAIL_BYTES:].decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(words) if line.strip()), "")
    return f": {last[:_LONGEST_LINE]}" if last else ""


def _columns() -> int:
    return shutil.get_terminal_size().columns


def skip(title: str) -> None:
    """Tell that a step had nothing to do."""
    say(f"  ✓ {title} (nothing to do)")
