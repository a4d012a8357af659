"""A phone or a laptop: a session with the API, and how it waits for answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import httpx

from travel_client import ApiError, TravelApi

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from local.load.witness import Witness

T = TypeVar("T")
# A function may take 29 s; the local cloud starts a process for it first, on a busy machine slowly.
PATIENCE_SECONDS = 60.0
TRIES = 5
# A day takes a minute here, so that an hour of waiting is two seconds.
_LONGEST_PAUSE_SECONDS = 2.0
_COME_BACK = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
# What people wait who have pressed the button by mistake, or are in a tunnel.
_HASTY_SECONDS = (0.01, 0.4)
_HASTY_SHARE = 0.08


class UnsureError(Exception):
    """No answer came that says whether it was done."""


class Device:
    """Sends one traveller's requests, again where the API asked for that."""

    def __init__(self, url: str, witness: Witness, rng: random.Random) -> None:
        """Talk to the API at `url`, seen by `witness`; signed out."""
        self._http = httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False)
        witness.watch(self._http)
        self._witness = witness
        self._rng = rng
        self._hasty = False
        self.api = TravelApi(url, http=self._http)
        self.put_off = 0
        """How often the last thing asked for was put off: each time it may have been done."""
        self.session_is_sure = True
        """False while nobody knows whether the tokens are still good."""

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def patiently(self, call: Callable[[], T], *, done: str | None = None) -> T:
        """Return the answer, however long it takes; ask again where it is put off.

        Raises:
            ApiError: it is refused. Not for the code `done` after a try whose end is not known:
                that try did it, and what is raised is `UnsureError`.
            UnsureError: there was no answer, or it was put off until the end.

        """
        self.put_off = 0
        for _ in range(TRIES):
            try:
                return call()
            except ApiError as error:
                if self.put_off and error.code == done:
                    raise UnsureError from error
                if not _is_for_now(error):
                    raise
                self.put_off += error.status == httpx.codes.SERVICE_UNAVAILABLE
                time.sleep(min(error.retry_after_seconds or 1, _LONGEST_PAUSE_SECONDS))
            except httpx.TransportError as error:
                if not isinstance(error, httpx.TimeoutException):
                    self._witness.find(f"a connection that breaks: {error!r}")
                elif self._hasty:
                    self._witness.see_hanging_up()
                else:
                    self._witness.see_silence()
                raise UnsureError from error
        raise UnsureError

    def perhaps_hastily(self, call: Callable[[], T], *, done: str | None = None) -> T:
        """Do the same, but now and then give up waiting after a moment."""
        if self._rng.random() >= _HASTY_SHARE:
            return self.patiently(call, done=done)
        self._http.timeout, self._hasty = httpx.Timeout(self._rng.uniform(*_HASTY_SECONDS)), True
        try:
            return self.patiently(call, done=done)
        finally:
            self._http.timeout, self._hasty = httpx.Timeout(PATIENCE_SECONDS), False


def _is_for_now(error: ApiError) -> bool:
    """Tell what may be answered otherwise in a moment.

    The gateway refuses a good token while the authorizer cannot read the keys: nobody is let in
    unseen, and on a starved machine reading them takes too long.
    """
    refused_by_gateway = error.code is None and error.status == httpx.codes.FORBIDDEN
    return refused_by_gateway or error.status in _COME_BACK or error.code == "request_in_progress"
