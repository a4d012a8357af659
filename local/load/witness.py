"""Looks at every answer on its way to a traveller, and remembers what should not have been."""

from __future__ import annotations

import re
import statistics
import threading
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVER_FAULT = 500
_UNAVAILABLE = 503
_REFUSED = 400
_BEGUN = "begun"


class Witness:
    """Sees the answers that all travellers get from the API that `document` describes."""

    def __init__(self, url: str, document: Mapping[str, Any]) -> None:
        """Know what is declared of the API at `url`: `document` is an OpenAPI description."""
        self._above = httpx.URL(url).path
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ]
        self._lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.hung_up = 0
        self.unanswered = 0
        self.findings: list[str] = []
        self._latencies_ms: defaultdict[str, list[float]] = defaultdict(list)

    def watch(self, http: httpx.Client) -> None:
        """Look at everything that `http` is answered from now on."""

        def begin(request: httpx.Request) -> None:
            request.extensions[_BEGUN] = time.perf_counter()

        http.event_hooks = {"request": [begin], "response": [self._see]}

    def find(self, what: str) -> None:
        """Remember something that should not have been."""
        with self._lock:
            self.findings.append(what)

    def see_hanging_up(self) -> None:
        """Count a request whose answer nobody waited for."""
        with self._lock:
            self.hung_up += 1

    def see_silence(self) -> None:
        """Count a request that was not answered, however long its client waited."""
        with self._lock:
            self.unanswered += 1

    def latencies_ms(self) -> dict[str, tuple[int, float, float]]:
        """Return, by route: how many answers, their median and the longest of 95 % of them."""
        return {
            route: (len(seen), statistics.median(seen), sorted(seen)[int(0.95 * (len(seen) - 1))])
            for route, seen in sorted(self._latencies_ms.items())
        }

    def _see(self, response: httpx.Response) -> None:
        request = response.request
        path = request.url.path.removeprefix(self._above)
        route, declared = self._declared(request.method, path)
        took_ms = (time.perf_counter() - request.extensions[_BEGUN]) * 1000
        status = response.status_code
        with self._lock:
            self.statuses[status] += 1
            self._latencies_ms[route].append(took_ms)
        for complaint in _complaints(response, declared):
            response.read()
            self.find(f"{route}: {status}, {complaint}: {response.text[:200]}")

    def _declared(self, method: str, path: str) -> tuple[str, set[str]]:
        for its_method, pattern, template, operation in self._operations:
            if its_method == method and pattern.fullmatch(path):
                return f"{method} {template}", set(operation["responses"])
        return f"{method} {path}", set()


def _complaints(response: httpx.Response, declared: set[str]) -> list[str]:
    status = response.status_code
    found = []
    if str(status) not in declared:
        found.append("which the description does not declare")
    if status == _UNAVAILABLE and not response.headers.get("retry-after", "").isdigit():
        found.append("without a Retry-After")
    if status >= _SERVER_FAULT and status != _UNAVAILABLE:
        found.append("a fault of the server's")
    if status >= _REFUSED and "json" not in response.headers.get("content-type", ""):
        found.append("an error that is not JSON")
    return found
