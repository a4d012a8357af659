"""A client of LitServe on this machine, with the server."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from benchmarks.predict_peers import Contender

if TYPE_CHECKING:
    from benchmarks.predict_networks import Case

_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 120


def litserve(case: Case, threads: int) -> Contender:
    """Start a server that ends with this process, and return its client.

    Raises:
        RuntimeError: it does not start, or answers with an error.

    """
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "benchmarks.predict_litserve", case.name, str(threads), str(port)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    # With the processes that it starts.
    atexit.register(os.killpg, server.pid, signal.SIGKILL)
    _wait_for(port)
    connection = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE_SECONDS)

    def answer(photo: bytes) -> list[int]:
        connection.request("POST", "/predict", photo, {"content-type": "image/jpeg"})
        response = connection.getresponse()
        body = response.read()
        if response.status != HTTPStatus.OK:
            message = f"LitServe answered {response.status}: {body[:200]!r}"
            raise RuntimeError(message)
        likely: list[int] = json.loads(body)["classes"]
        return likely

    return Contender(answer)


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(_HOST, port, timeout=1)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    message = "LitServe did not start"
    raise RuntimeError(message)
