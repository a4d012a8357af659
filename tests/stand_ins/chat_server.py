"""A stand-in for an endpoint of OpenAI's chat completions, as Hugging Face's router is one.

It checks what it is sent as the real ones do, answers after a script, and remembers when each
call came. Every failure that the client has to live with can be asked of it:

    with ChatServer() as server:
        server.script(Status(429, retry_after="2"), Say("A castle on a hill."))
        ... point the client at server.base_url ...
        assert [call.model for call in server.calls] == ["first", "first"]

A call beyond the script is answered by the last step of it.
"""

from __future__ import annotations

import base64
import io
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self, cast

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "hf_stand-in"
# Longer than any test lets the client wait; the server's end interrupts it.
FOREVER_SECONDS = 60.0
# How soon the server notices that it is to stop.
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Call:
    """One request as it came; `at_ms` since 1970."""

    at_ms: int
    model: str
    prompt: str
    photo: bytes
    headers: dict[str, str]
    body: dict[str, Any]


class Step:
    """What the server does with one call."""

    def play(self, handler: Handler) -> None:
        """Answer, or not."""
        raise NotImplementedError


@dataclass(frozen=True)
class Say(Step):
    """Answer properly, after a while; `parts` sends the text in pieces, as some servers do."""

    text: str | None = "A stone bridge over a wide river."
    after_seconds: float = 0.0
    parts: bool = False
    finish_reason: str = "stop"

    def play(self, handler: Handler) -> None:
        handler.wait(self.after_seconds)
        content: Any = self.text
        if self.parts:
            content = [{"type": "text", "text": word} for word in (self.text or "").split(" ")]
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        handler.answer_json(200, {"object": "chat.completion", "choices": [choice]})


@dataclass(frozen=True)
class Status(Step):
    """Answer with an error, worded as the router does."""

    status: int
    code: str = "error"
    message: str = "Something went wrong."
    retry_after: str | None = None
    location: str | None = None
    after_seconds: float = 0.0

    def play(self, handler: Handler) -> None:
        handler.wait(self.after_seconds)
        stated = {"Retry-After": self.retry_after, "Location": self.location}
        headers = {name: text for name, text in stated.items() if text}
        error = {"message": self.message, "type": "invalid_request_error", "code": self.code}
        handler.answer_json(self.status, {"error": error}, headers)


@dataclass(frozen=True)
class Raw(Step):
    """Answer 200 with any bytes."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def play(self, handler: Handler) -> None:
        handler.answer(200, self.body, self.headers)


class Hang(Step):
    """Take the request and say nothing."""

    def play(self, handler: Handler) -> None:
        handler.wait(FOREVER_SECONDS)
        handler.close_connection = True


@dataclass(frozen=True)
class Drip(Step):
    """Send a byte now and then, without end: in the head of the answer, or in its body."""

    in_head: bool

    def play(self, handler: Handler) -> None:
        handler.close_connection = True
        start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        handler.wfile.write(start if self.in_head else start + b"Content-Length: 100000\r\n\r\n")
        ends_at = time.monotonic() + FOREVER_SECONDS
        while time.monotonic() < ends_at and not handler.wait(0.05):
            handler.wfile.write(b"X-Filler: x\r\n" if self.in_head else b" ")


@dataclass(frozen=True)
class Drop(Step):
    """Reset the connection: at once, or in the middle of an answer."""

    after_head: bool

    def play(self, handler: Handler) -> None:
        handler.close_connection = True
        if self.after_head:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        # With no time to linger, closing sends a reset instead of a proper end.
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()


class ChatServer:
    """The server; `with` starts and stops it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.refusals: list[str] = []
        self._steps: list[Step] = [Say()]
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.owner = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        """What clients append `/chat/completions` to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, *steps: Step) -> None:
        """Play these, one a call; the last one goes on."""
        self._steps = list(steps)

    def take(self, call: Call) -> Step:
        """Note a call and return what to do with it."""
        with self._lock:
            self.calls.append(call)
            return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]

    def wait(self, seconds: float) -> bool:
        """Wait, but not beyond the server's end; True when that has come."""
        return self._stopping.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # 200 callers may knock at once.
    request_queue_size = 256
    owner: ChatServer

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up: many are meant to."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    @property
    def owner(self) -> ChatServer:
        return cast("_Server", self.server).owner

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        refusal = "; ".join(self._find_faults(body))
        if refusal:
            self.owner.refusals.append(refusal)
            self.answer_json(422, {"error": {"message": refusal}})
            return
        self.owner.take(self._read(json.loads(body))).play(self)

    def wait(self, seconds: float) -> bool:
        return self.owner.wait(seconds)

    def answer_json(
        self, status: int, document: object, headers: dict[str, str] | None = None
    ) -> None:
        self.answer(status, json.dumps(document).encode(), headers)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        everything = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, text in (everything | (headers or {})).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _find_faults(self, body: bytes) -> Iterator[str]:
        if self.path != "/v1/chat/completions":
            yield f"there is nothing at {self.path}"
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            yield "the token is wrong"
        if self.headers["content-type"] != "application/json":
            yield "the body is not declared as JSON"
        try:
            call = self._read(json.loads(body))
            with Image.open(io.BytesIO(call.photo)) as image:
                image.load()
                if image.format != "JPEG":
                    yield f"the picture is a {image.format}"
            if call.body["stream"] or call.body["max_tokens"] < 1:
                yield "no whole answer of any length is asked for"
        except (KeyError, ValueError, TypeError, OSError) as error:
            yield f"the body has another form: {error!r}"

    def _read(self, document: dict[str, Any]) -> Call:
        (message,) = document["messages"]
        text, picture = message["content"]
        if (message["role"], text["type"], picture["type"]) != ("user", "text", "image_url"):
            fault = "the message is no question with a picture"
            raise ValueError(fault)
        head, _, encoded = picture["image_url"]["url"].partition(",")
        if head != "data:image/jpeg;base64":
            fault = "the picture is no data URI"
            raise ValueError(fault)
        return Call(
            at_ms=time.time_ns() // 1_000_000,
            model=document["model"],
            prompt=text["text"],
            photo=base64.b64decode(encoded, validate=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=document,
        )
