"""Time goes on while a function is frozen, and does not run back."""

from __future__ import annotations

import pytest

from common.elapsed import elapsed_seconds
from tests.fakes.clocks import StoppedClock


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    return StoppedClock(monkeypatch)


def test_time_passes_while_the_process_runs(times: StoppedClock) -> None:
    before = elapsed_seconds()
    times.monotonic_seconds += 5
    times.time_of_day_seconds += 5
    assert elapsed_seconds() - before == pytest.approx(5, abs=0.01)


def test_time_passes_while_the_process_is_frozen(times: StoppedClock) -> None:
    before = elapsed_seconds()
    times.freeze(seconds=3_600)
    assert elapsed_seconds() - before == pytest.approx(3_600, abs=1)


def test_a_time_of_day_that_is_set_back_stops_nothing(times: StoppedClock) -> None:
    before = elapsed_seconds()
    times.monotonic_seconds += 5
    times.time_of_day_seconds -= 86_400
    assert elapsed_seconds() - before == pytest.approx(5, abs=1)
