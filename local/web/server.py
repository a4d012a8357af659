"""Serve the built page on this machine, and on nothing beyond it.

Run as a process by `serving.py`, with a socket that listens already: `python -m local.web.server
--socket 3 --dist web/dist --api-file .local/api.json`. The file is read for every answer, so that
the page finds the API again after a new deployment, and a new build needs no restart.
"""

from __future__ import annotations

import argparse
import json
import socket
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from local.web.site import Site
from stacks.web_serving import Tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
# After which a connection that says nothing is closed, and its thread ends.
_IDLE_SECONDS = 60


class PageServer(ThreadingHTTPServer):
    """Answers from a site that is looked up for every request."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, find_site: Callable[[], Site]) -> None:
        """Serve on a socket that listens already."""
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        # The one that it has just made for itself.
        self.socket.close()
        self.socket = listening
        self.server_port = listening.getsockname()[1]
        self.find_site = find_site


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: PageServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        try:
            site = self.server.find_site()
        except (OSError, ValueError, KeyError):
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE, "The local cloud is not up: make up")
            return
        answer = site.answer(self.path, gzipped="gzip" in self.headers.get("accept-encoding", ""))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        # Of what works there is nothing to tell.
        if isinstance(code, int) and code >= HTTPStatus.BAD_REQUEST:
            super().log_request(code, size)


def find_site(dist: Path, api_file: Path) -> Site:
    """Return the site of the API that `make up` wrote down.

    Raises `OSError`, `ValueError` or `KeyError` where there is none.
    """
    told = json.loads(api_file.read_text())
    tiles = told.get("tiles")
    return Site(dist, told["url"], Tiles(**tiles) if tiles else None)


def listen(port: int, *, tries: int = 20) -> socket.socket:
    """Listen on the first free port from `port` on; on any for 0.

    Raises `OSError` when none of as many as `tries` is free.
    """
    for candidate in range(port, port + tries - 1):
        try:
            return socket.create_server((HOST, candidate))
        except OSError:
            continue
    return socket.create_server((HOST, port + tries - 1))


@contextmanager
def serving(site: Site, port: int = 0) -> Iterator[str]:
    """Serve a site from a thread of this process, and give its address."""
    with PageServer(listen(port), lambda: site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """Serve until somebody ends this."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--dist", type=Path, required=True)
    parser.add_argument("--api-file", type=Path, required=True)
    options = parser.parse_args()
    listening = socket.socket(fileno=options.socket)
    with PageServer(listening, lambda: find_site(options.dist, options.api_file)) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
