"""Requests that wait: for a cold start, a throttle, or a gateway that has just been changed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

# Too many requests, or too little of something for now; 500 is a fault and stays one.
_WORTH_REPEATING = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
# Where an answer does not say how long to wait: Lambda's own throttles do not.
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 8.0


@dataclass
class PatientClient:
    """Repeats what was refused for now, or did not arrive, until `patience_seconds` are over."""

    http: httpx.Client
    patience_seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    repeated: int = field(default=0, init=False)
    """How often a request was sent again."""
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock."""
        self.renew(self.patience_seconds)

    def renew(self, patience_seconds: float) -> None:
        """Be patient for that long from now on."""
        self._deadline = self.clock() + patience_seconds

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401 - as httpx has it
        """Send a request, and return what is answered at last.

        Raises `httpx.TransportError` when there was no answer until the end.
        """
        pause = _FIRST_PAUSE_SECONDS
        while True:
            asked: float | None = None
            try:
                response = self.http.request(method, path, **request)
            except httpx.TransportError:
                if not self._wait(pause):
                    raise
            else:
                if response.status_code not in _WORTH_REPEATING:
                    return response
                asked = _retry_after(response)
                if not self._wait(pause if asked is None else asked):
                    return response
            self.repeated += 1
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _wait(self, seconds: float) -> bool:
        """Wait, unless patience would be over by then."""
        if self.clock() + seconds >= self._deadline:
            return False
        self.sleep(seconds)
        return True


def _retry_after(response: httpx.Response) -> float | None:
    seconds = response.headers.get("retry-after", "")
    return float(seconds) if seconds.isdigit() else None
