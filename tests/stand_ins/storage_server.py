"""A stand-in for S3 that answers every GET in one way, mostly a bad one.

with StorageServer(Reset()) as server:
... point AWS_ENDPOINT_URL at server.url ...
assert server.calls == 2
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self, cast

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer than any test waits; the server's end interrupts it.
FOREVER_SECONDS = 60.0
SIZE_BYTES = 100_000


@dataclass(frozen=True)
class Refuse:
    """Answer with an error, worded as S3 does."""

    status: int
    code: str

    def __call__(self, handler: Handler) -> None:
        """Answer."""
        body = f"<Error><Code>{self.code}</Code><Message>no</Message></Error>".encode()
        handler.begin(self.status, len(body))
        handler.wfile.write(body)


@dataclass(frozen=True)
class Send:
    """Promise `SIZE_BYTES` and send some of them, then end, or wait as long as can be."""

    sent_bytes: int
    then_wait: bool = False

    def __call__(self, handler: Handler) -> None:
        """Answer."""
        handler.begin(206, SIZE_BYTES, f"bytes 0-{SIZE_BYTES - 1}/{SIZE_BYTES}")
        handler.wfile.write(bytes(self.sent_bytes))
        handler.wfile.flush()
        if self.then_wait:
            handler.server.stopping.wait(FOREVER_SECONDS)
        handler.close_connection = True


@dataclass(frozen=True)
class Drip:
    """Promise `SIZE_BYTES` and send a byte now and then, so that no read ever times out."""

    every_seconds: float = 0.1

    def __call__(self, handler: Handler) -> None:
        """Answer."""
        handler.begin(206, SIZE_BYTES, f"bytes 0-{SIZE_BYTES - 1}/{SIZE_BYTES}")
        while not handler.server.stopping.wait(self.every_seconds):
            handler.wfile.write(b"x")
            handler.wfile.flush()


@dataclass(frozen=True)
class Silence:
    """Take the request and say nothing."""

    def __call__(self, handler: Handler) -> None:
        """Wait."""
        handler.server.stopping.wait(FOREVER_SECONDS)
        handler.close_connection = True


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answer a GET as the server was told to."""
        owner = self.server.owner
        with owner.lock:
            owner.calls += 1
        try:
            owner.way(self)
        except ConnectionError:
            self.close_connection = True

    def begin(self, status: int, size_bytes: int, content_range: str | None = None) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        self.send_header("Content-Length", str(size_bytes))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: StorageServer) -> None:
        self.owner, self.stopping = owner, threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_: object) -> None:
        """Clients that go away are what is tested."""


class StorageServer:
    """The server; starts when entered."""

    def __init__(self, way: Callable[[Handler], None]) -> None:
        """Answer every GET in this `way`."""
        self.way, self.calls, self.lock = way, 0, threading.Lock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = cast("tuple[str, int]", self._server.server_address[:2])
        return f"http://{host}:{port}"

    def __enter__(self) -> Self:
        """Start."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and let nobody wait any longer."""
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
