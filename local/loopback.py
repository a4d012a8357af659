"""Requests to programs on this machine: never by way of a proxy that the shell names."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http.client import HTTPResponse

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def open_here(url: str, timeout_seconds: float) -> HTTPResponse:
    """Return the answer of what listens here, to be read and closed.

    Raises `OSError` where nothing does, where it is not 2xx, or where it is late.
    """
    answer: HTTPResponse = _DIRECT.open(url, timeout=timeout_seconds)
    return answer
