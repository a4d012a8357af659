"""A stand-in for Lambda's runtime API, which a function's entry point asks for work.

As AWS documents it (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), for one
function with one environment: it asks for the `next` invocation, posts a `response` or an `error`,
and asks again; or it posts an `init/error` and ends.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

VERSION = "2018-06-01"
_NEXT = f"/{VERSION}/runtime/invocation/next"
_INIT_ERROR = f"/{VERSION}/runtime/init/error"
_INVOCATION = f"/{VERSION}/runtime/invocation/"
_ARN = "arn:aws:lambda:us-east-1:000000000000:function:predict"
_OK = {"status": "OK"}
_ERROR_TYPE = "lambda-runtime-function-error-type"
_POLL_SECONDS = 0.05


class FunctionFailedError(RuntimeError):
    """The function could not start, ended, took too long, or answered an event with an error."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an invocation came to, and how long the function took for it."""

    payload: Any
    seconds: float


@dataclass
class Invocation:
    """An event on its way, and what came of it; times by `time.monotonic`."""

    event: Mapping[str, Any]
    seconds: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: float = 0.0
    answered_at: float = 0.0
    outcome: Any = None
    failed: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class RuntimeApi:
    """Serves one function on a free port of this machine while it is entered as a context."""

    def __init__(self) -> None:
        """Take the port; nothing is answered yet."""
        self._waiting: queue.SimpleQueue[Invocation] = queue.SimpleQueue()
        self._running: dict[str, Invocation] = {}
        self._ready = threading.Event()
        self._closed = threading.Event()
        self._init_error: Mapping[str, Any] | None = None
        self.ready_at = 0.0
        """When the function first asked for work, by `time.monotonic`."""
        self._server = _Server(self)

    def __enter__(self) -> Self:
        """Begin to answer."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of whoever waits for work, and of the port."""
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Host and port, as in `AWS_LAMBDA_RUNTIME_API`."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def wait_until_ready(self, seconds: float, is_alive: Callable[[], bool]) -> None:
        """Wait until the function asks for work for the first time.

        Raises:
            FunctionFailedError: it reports that it cannot start, ends, or takes longer.

        """
        self._wait(self._ready, seconds, is_alive, "to start")
        if self._init_error is not None:
            message = f"the function cannot start: {_explain(self._init_error)}"
            raise FunctionFailedError(message)

    def invoke(
        self, event: Mapping[str, Any], seconds: float, is_alive: Callable[[], bool]
    ) -> Answered:
        """Send an event and wait for the answer; `seconds` is the function's time limit.

        Raises:
            FunctionFailedError: it answers with an error, ends, or takes longer.

        """
        invocation = Invocation(event, seconds)
        self._waiting.put(invocation)
        self._wait(invocation.done, seconds, is_alive, "to answer")
        if invocation.failed:
            message = f"the function failed: {_explain(invocation.outcome)}"
            raise FunctionFailedError(message)
        return Answered(invocation.outcome, invocation.answered_at - invocation.sent_at)

    def _wait(
        self, event: threading.Event, seconds: float, is_alive: Callable[[], bool], what: str
    ) -> None:
        deadline = time.monotonic() + seconds
        while not event.wait(_POLL_SECONDS):
            if not is_alive():
                message = f"the function ended instead of going on {what}"
                raise FunctionFailedError(message)
            if time.monotonic() > deadline:
                message = f"the function took more than {seconds:.0f} s {what}"
                raise FunctionFailedError(message)

    def next_invocation(self) -> Invocation | None:
        """Return what to do next, as soon as there is something; None when all is over."""
        if not self._ready.is_set():
            self.ready_at = time.monotonic()
            self._ready.set()
        while not self._closed.is_set():
            try:
                invocation = self._waiting.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            self._running[invocation.id] = invocation
            invocation.sent_at = time.monotonic()
            return invocation
        return None

    def finish(self, invocation_id: str, outcome: Any, *, failed: bool) -> bool:  # noqa: ANN401
        """Take what an invocation came to; return whether there was such an invocation."""
        invocation = self._running.pop(invocation_id, None)
        if invocation is None:
            return False
        invocation.answered_at = time.monotonic()
        invocation.outcome, invocation.failed = outcome, failed
        invocation.done.set()
        return True

    def fail_init(self, error: Mapping[str, Any]) -> None:
        """Take why the function cannot start."""
        self._init_error = error
        self._ready.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its base
        """Be silent about a function that was ended while it asked for work."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        if self.path != _NEXT:
            self._say(404, {"errorType": "NotFound", "errorMessage": self.path})
            return
        invocation = self.server.api.next_invocation()
        if invocation is None:
            self.close_connection = True
            return
        self._say(200, invocation.event, _headers(invocation))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        api = self.server.api
        if self.path == _INIT_ERROR:
            api.fail_init(self._error(body))
            self._say(202, _OK)
            return
        invocation_id, _, what = self.path.removeprefix(_INVOCATION).partition("/")
        failed = what == "error"
        known = what in {"response", "error"} and api.finish(
            invocation_id, self._error(body) if failed else json.loads(body), failed=failed
        )
        if known:
            self._say(202, _OK)
        else:
            self._say(400, {"errorType": "InvalidRequestID", "errorMessage": self.path})

    def _error(self, body: bytes) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(body or b"{}")
        return {"errorType": self.headers.get(_ERROR_TYPE), **told}

    def _say(self, status: int, document: object, headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as its base
        """Say nothing: the function's own log is what counts."""


def _headers(invocation: Invocation) -> dict[str, str]:
    root = f"1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}"
    return {
        "Lambda-Runtime-Aws-Request-Id": invocation.id,
        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + invocation.seconds) * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": _ARN,
        "Lambda-Runtime-Trace-Id": f"Root={root};Parent={uuid.uuid4().hex[:16]};Sampled=1",
    }


def _explain(error: Mapping[str, Any]) -> str:
    return f"{error.get('errorType')}: {error.get('errorMessage')}"
