"""The local server of the page: `make up` starts it or finds it again, `make down` stops it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.commands import last_lines
from local.loopback import open_here
from local.process import KeptProcess
from local.stamps import content_stamp
from local.terminal import CannotContinueError
from local.web.server import HOST, listen

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 4567

# What the process has loaded: when it changes, it starts anew.
_LOADED = (
    Path(__file__).with_name("server.py"),
    Path(__file__).with_name("site.py"),
    ROOT / "stacks" / "web_serving.py",
)


class LocalPage:
    """The page as served by one process, which keeps its lock and its log in `directory`."""

    def __init__(self, directory: Path) -> None:
        """Describe the server of `directory`; nothing is started yet."""
        self._process = KeptProcess("The server of the page", directory, "web")

    def find(self) -> str | None:
        """Return where the page is; None when it is not served."""
        note = self._process.note()
        return _address(note) if note else None

    def serve(self, dist: Path, api_file: Path, port: int = DEFAULT_PORT) -> str:
        """Serve `dist` on `port`, or on the next free one, and return the page's address.

        What runs already stays, if it is what is wanted. `api_file` says where the API is:
        `{"url": …, "tiles": null | {"url": …, "attribution": …}}`. Raises `CannotContinueError`
        when the server does not start.
        """
        wanted = {
            "wanted_port": port,
            "dist": str(dist),
            "api_file": str(api_file),
            "loaded": content_stamp(_LOADED),
        }
        note = self._process.note()
        if note and wanted.items() <= note.items():
            return _address(note)
        self._process.stop()
        note = self._start(wanted, port)
        self._check(_address(note))
        return _address(note)

    def stop(self) -> bool:
        """Stop the server; return whether there was one."""
        return self._process.stop()

    def _start(self, wanted: Mapping[str, Any], port: int) -> dict[str, Any]:
        try:
            listening = listen(port)
        except OSError as error:
            message = f"No port is free for the page from {port} on: make up WEB_PORT=…"
            raise CannotContinueError(message) from error
        # Handed over while it listens, so that nothing can take the port in between, and who asks
        # before the process is up is answered when it is.
        with listening:
            note = {**wanted, "port": listening.getsockname()[1]}
            self._process.start(
                [
                    *(
                        sys.executable,
                        "-m",
                        "local.web.server",
                        "--socket",
                        str(listening.fileno()),
                    ),
                    *("--dist", wanted["dist"], "--api-file", wanted["api_file"]),
                ],
                note=note,
                working_directory=ROOT,
                environment={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
                pass_fds=[listening.fileno()],
            )
        return note

    def _check(self, url: str) -> None:
        try:
            with open_here(f"{url}/config.json", 20) as answer:
                json.load(answer)
        except (OSError, ValueError) as error:
            self.stop()
            message = f"The page is not served:\n\n{last_lines(self._process.log)}"
            raise CannotContinueError(message) from error


def _address(note: Mapping[str, Any]) -> str:
    return f"http://{HOST}:{note['port']}"
