"""Running another program with its output in a file, shown only when it fails."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LINES_SHOWN = 25


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    directory: Path,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `command` and wait for it.

    Raises `CannotContinueError` with the last lines of its output when it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        code = subprocess.run(  # noqa: S603 - our own commands
            [str(part) for part in command],
            cwd=directory,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code != 0:
        message = (
            f"`{Path(command[0]).name}` ended with {code}:\n\n{last_lines(log)}\n\nAll of it: {log}"
        )
        raise CannotContinueError(message)


def runs(command: Sequence[str | Path]) -> bool:
    """Tell whether `command` can be run and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - ours
    except OSError:
        return False


def last_lines(log: Path) -> str:
    """Return the end of a log, indented."""
    lines = log.read_text(errors="replace").splitlines()[-_LINES_SHOWN:]
    return "\n".join(f"    {line}" for line in lines)
