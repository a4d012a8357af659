"""A limit on how long something may take that has none itself."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises.

    A client's own limits are for one connection, one read: a server that sends a byte now and
    then, or a name server that does not answer, never reaches them. So the work is left behind
    in its thread when the time is over; it has to end by itself some time.

    Raises:
        TimeoutError: it took longer.

    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)
