"""From measured work to a memory size."""

from __future__ import annotations

import pytest

from benchmarks.reports import Report, read_report, results_of
from benchmarks.sizes import prices_of
from benchmarks.sizes_model import Work, estimate, least_mb, recommend, work_of
from local.cost.measured import ONE_CORE_MB
from stacks.sizes import SIZES

# Why a function has another size than the rule gives.
BY_DECISION = {"auth"}
FREE = {"request": 0.0, "gb_second": 0.0}
PRICES = prices_of("docs")


@pytest.fixture(scope="module")
def functions() -> Report:
    measured: Report = read_report(results_of("sizes"))["functions"]
    return measured


def figures(start_ms: float, usual_ms: float, peak_mb: float, *, threads: int = 1) -> Report:
    spread = {"median": usual_ms}
    return {
        "start": {"cpu": {"median": start_ms}, "calls": {}},
        "cases": {
            "usual": {
                "first_cpu_ms": usual_ms,
                "cpu": spread,
                "wall": spread,
                "calls": {},
                "threads": threads,
            }
        },
        "peak_mb": peak_mb,
    }


@pytest.mark.parametrize("name", SIZES)
def test_sizes_are_those_of_the_rule_and_hold_the_peak_with_room(
    functions: Report, name: str
) -> None:
    measured = functions[name]
    assert SIZES[name].memory_mb >= least_mb(measured)
    if name not in BY_DECISION:
        assert SIZES[name].memory_mb == recommend(name, measured, prices_of(name))


def test_auth_has_a_whole_core_since_bcrypt_is_nothing_else() -> None:
    assert SIZES["auth"].memory_mb == ONE_CORE_MB


@pytest.mark.parametrize("name", SIZES)
def test_timeouts_leave_room_for_the_slowest_request_and_end_before_the_gateway(
    functions: Report, name: str
) -> None:
    slowest = estimate(functions[name], FREE, SIZES[name].memory_mb).slowest_ms / 1_000
    assert 2 * slowest < SIZES[name].timeout_seconds < (10 if name == "authorizer" else 30)


def test_computing_takes_the_longer_the_smaller_the_share_and_waiting_as_long_as_ever() -> None:
    work = Work(serial_ms=100, parallel_ms=0, waiting_ms=30)
    assert work.duration_ms(ONE_CORE_MB) == pytest.approx(130)
    assert work.duration_ms(ONE_CORE_MB // 2) == pytest.approx(230, rel=1e-3)
    assert work.duration_ms(3_008) == pytest.approx(130)


def test_only_what_ran_on_two_threads_gains_from_a_second_core() -> None:
    case = {"cpu": {"median": 100}, "wall": {"median": 70}, "calls": {"dynamodb": 2}}
    work = work_of({**case, "threads": 2})
    assert (work.serial_ms, work.parallel_ms, work.waiting_ms) == (40, 60, 10)
    assert work.duration_ms(2 * ONE_CORE_MB) == pytest.approx(40 + 30 + 10)
    assert work_of({**case, "threads": 1}).parallel_ms == 0


def test_the_smallest_size_is_taken_that_holds_the_peak_and_starts_in_time() -> None:
    idle = figures(start_ms=1, usual_ms=0.1, peak_mb=50)
    assert recommend("docs", idle, PRICES) == 256
    assert recommend("docs", {**idle, "peak_mb": 256 / 1.3 + 1}, PRICES) == 512
    slow = figures(start_ms=700, usual_ms=0.1, peak_mb=50)
    assert recommend("docs", slow, PRICES) == ONE_CORE_MB
    assert recommend("docs", figures(5_000, 1, 50), PRICES) == 3_008


def test_more_is_taken_where_it_is_noticed_and_costs_next_to_nothing() -> None:
    computing = figures(start_ms=50, usual_ms=200, peak_mb=50)
    assert recommend("docs", computing, PRICES) == ONE_CORE_MB
    waiting = figures(start_ms=50, usual_ms=200, peak_mb=50)
    waiting["cases"]["usual"]["calls"] = {"sesv2": 3}
    assert recommend("docs", waiting, PRICES) < ONE_CORE_MB


def test_a_thousand_requests_cost_their_gb_seconds_and_themselves() -> None:
    always_warm = figures(start_ms=0, usual_ms=1_000, peak_mb=50)
    price = estimate(always_warm, {"request": 1e-6, "gb_second": 2e-5}, ONE_CORE_MB)
    assert price.dollars_a_thousand == pytest.approx(
        1_000 * (1e-6 + 2e-5 * ONE_CORE_MB / 1_024), rel=1e-3
    )
