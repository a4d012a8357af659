"""What a month costs: arithmetic that can be done by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from local.cost.bill import price, total
from local.cost.measured import Measurements, PageWeight, Request, Work, load_measurements
from local.cost.prices import Item, Pool, PriceTable, load_prices
from local.cost.tables import bills_of
from local.cost.templates import Dashboard, Deployment, Function
from local.cost.traffic import KEPT_WARM_MINUTES, MIXES, Mix
from local.cost.usage import (
    MINUTES_A_MONTH,
    SECONDS_A_MONTH,
    add_up,
    cold_share,
    monthly_usage,
    traces,
)

ARM = Function(memory_mb=1_024, arm=True)
X86 = Function(memory_mb=2_048, arm=False)
ONE_CORE = Function(memory_mb=1_769, arm=True)
HALF_A_CORE = Function(memory_mb=1_769 // 2, arm=True)

ALL_TO_ONE = Mix("", {"route": 1.0})


def _deployment(**changes: object) -> Deployment:
    values: dict[str, object] = {
        "functions": {"authorizer": ARM, "recommend": ARM, "predict": X86},
        "read_units": 25,
        "write_units": 25,
        "on_demand": False,
        "dashboards": (Dashboard(metrics=10, log_queries=0),),
        "alarm_metrics": 10,
        "log_retention_days": 30,
        "traced": False,
        "hosts_web": False,
    }
    return Deployment(**{**values, **changes})  # type: ignore[arg-type]


def _request(function: str, cpu_ms: float, **changes: object) -> Request:
    values: dict[str, object] = {
        "function": function,
        "authorised": False,
        "work": Work(cpu_ms=cpu_ms, calls={}),
        "sent_bytes": 0,
        "answered_bytes": 0,
        "log_bytes": 0,
        "log_lines": 0,
    }
    return Request(**{**values, **changes})  # type: ignore[arg-type]


def _measured(start_cpu_ms: float = 0, **requests: Request) -> Measurements:
    return Measurements(
        machine={},
        requests={
            "authorizer": _request("authorizer", 0),
            "predict for describe": _request("predict", 0),
            **requests,
        },
        starts={
            name: Work(cpu_ms=start_cpu_ms, calls={})
            for name in ("authorizer", "recommend", "predict")
        },
        threads={},
        image_gb=0,
        image_source="",
        packages_gb=0,
        table_bytes_a_request=0,
        page=PageWeight(files=20, compressed_bytes=200_000, bytes=600_000),
    )


def _table(**items: Item) -> PriceTable:
    return PriceTable(
        region="",
        looked_up="",
        how="",
        free_tier_note="",
        items=items,
        pools={"shared": Pool("", always_free=100, seen_on="")},
        not_counted=(),
    )


def _item(price_: float, *, pool: str = "", always_free: float = 0, unit_size: float = 1) -> Item:
    return Item("", "", unit_size, price_, "", always_free=always_free, pool=pool)


def test_what_is_free_costs_nothing_and_the_rest_its_price() -> None:
    table = _table(requests=_item(0.20, always_free=1_000_000, unit_size=1_000_000))
    assert total(price({"requests": 1_000_000}, table)) == 0
    assert total(price({"requests": 3_500_000}, table)) == pytest.approx(0.50)


def test_a_shared_amount_is_free_once_and_the_first_items_take_of_it_first() -> None:
    table = _table(first=_item(1, pool="shared"), second=_item(10, pool="shared"))
    first, second = price({"first": 80, "second": 50}, table)
    assert (first.free, first.dollars) == (80, 0)
    assert (second.free, second.dollars) == (20, 300)


def test_a_quantity_without_a_price_is_refused() -> None:
    with pytest.raises(KeyError, match="No price for gold"):
        price({"gold": 1}, _table())


def test_cheaper_items_take_of_a_shared_amount_first() -> None:
    """Else a bill would be too low."""
    table = load_prices()
    for pool in table.pools:
        prices = [item.price for item in table.items.values() if item.pool == pool]
        assert len(prices) > 1
        assert prices == sorted(prices)


def test_lambda_bills_more_time_where_it_gives_less_of_a_core() -> None:
    work = Work(cpu_ms=100, calls={})
    assert work.billed_ms(ONE_CORE, 1) == 100
    assert work.billed_ms(HALF_A_CORE, 1) == 201
    two_cores = Function(memory_mb=2 * 1_769, arm=True)
    assert work.billed_ms(two_cores, 1) == 100
    assert work.billed_ms(two_cores, 2) == 50


def test_waiting_is_billed_and_no_faster_with_more_memory() -> None:
    waiting = Work(cpu_ms=0, calls={"dynamodb": 3})
    assert waiting.billed_ms(ONE_CORE, 1) == waiting.billed_ms(HALF_A_CORE, 1) == 15


def test_a_million_requests_of_100_ms_and_one_gigabyte_are_100_000_gb_seconds() -> None:
    share = 1_024 / 1_769
    measured = _measured(route=_request("recommend", 100 * share - 1e-9))
    usage = monthly_usage(_deployment(), ALL_TO_ONE, 1_000_000, measured)
    assert usage["lambda_arm_gb_seconds"] == pytest.approx(100_000)
    assert usage["lambda_x86_gb_seconds"] == 0
    assert usage["lambda_requests"] == 1_000_000
    assert usage["http_api_requests"] == 1_000_000


def test_free_gb_seconds_are_the_accounts_and_not_each_functions() -> None:
    """Two functions of 300,000 GB-seconds each: 200,000 of the dearer ones are charged for."""
    lines = price(
        {"lambda_arm_gb_seconds": 300_000, "lambda_x86_gb_seconds": 300_000}, load_prices()
    )
    assert total(lines) == pytest.approx(200_000 * 0.0000166667)


def test_a_token_is_checked_once_for_five_requests() -> None:
    measured = _measured(route=_request("recommend", 1, authorised=True))
    usage = monthly_usage(_deployment(), ALL_TO_ONE, 1_000, measured)
    assert usage["lambda_requests"] == 1_200
    assert usage["http_api_requests"] == 1_000


def test_the_gateway_counts_half_megabytes() -> None:
    for sent, counted in ((0, 1), (512 * 1024, 1), (512 * 1024 + 1, 2), (4_000_000, 8)):
        measured = _measured(route=_request("predict", 1, sent_bytes=sent))
        usage = monthly_usage(_deployment(), ALL_TO_ONE, 1, measured)
        assert usage["http_api_requests"] == counted


def test_whoever_waits_for_another_function_is_billed_with_it() -> None:
    share = 2_048 / 1_769  # more than one core, of which one thread uses one
    assert share > 1
    waiting = _request("recommend", 0, work=Work(cpu_ms=0, calls={"lambda": 1}))
    measured = _measured(route=waiting, asked=_request("predict", 200))
    measured = replace(
        measured,
        requests={**measured.requests, "predict for describe": measured.requests["asked"]},
    )
    usage = monthly_usage(_deployment(), ALL_TO_ONE, 1, measured)
    assert usage["lambda_x86_gb_seconds"] == pytest.approx(2 * 0.2)
    assert usage["lambda_arm_gb_seconds"] == pytest.approx(1 * (0.2 + 0.010))
    assert usage["lambda_requests"] == 2


def test_a_start_is_billed_when_nobody_came_for_ten_minutes() -> None:
    assert cold_share(0) == 1
    once_in_ten_minutes = MINUTES_A_MONTH / KEPT_WARM_MINUTES
    assert cold_share(once_in_ten_minutes) == pytest.approx(math.exp(-1))
    assert cold_share(1_000_000) < 1e-9
    measured = _measured(1_000 * 1_024 / 1_769 - 1e-6, route=_request("recommend", 0))
    usage = monthly_usage(_deployment(), ALL_TO_ONE, 1, measured)
    assert usage["lambda_arm_gb_seconds"] == pytest.approx(1, abs=1e-3)


def test_the_page_is_free_for_a_million_requests_but_for_what_the_gateway_counts() -> None:
    """100,000 visits of 20 files are 2 of 10 million requests, and 20 of 1,024 GB."""
    measured = _measured(route=_request("recommend", 0))
    bills = [
        price(
            monthly_usage(_deployment(hosts_web=web), ALL_TO_ONE, 1_000_000, measured),
            load_prices(),
        )
        for web in (True, False)
    ]
    with_web, without = ({line.item: line for line in bill} for bill in bills)
    assert with_web["cloudfront_requests"].quantity == 2_000_000
    assert with_web["cloudfront_gb"].quantity == pytest.approx(20 * 1000**3 / 1024**3, rel=0.1)
    assert without["cloudfront_requests"].quantity == 0
    more = {item for item, line in with_web.items() if line.dollars > without[item].dollars}
    assert more == {"http_api_requests", "s3_reads", "s3_storage_gb_months"}
    assert with_web["http_api_requests"].dollars == pytest.approx(2)


def test_x_ray_records_one_in_a_second_and_a_twentieth_of_the_others() -> None:
    assert traces(0) == 0
    assert traces(100) == pytest.approx(100, rel=0.001)
    assert traces(1_000 * SECONDS_A_MONTH) == pytest.approx(
        SECONDS_A_MONTH * (1 + 0.05 * 999), rel=0.001
    )


def test_tables_of_two_environments_share_what_is_free() -> None:
    """Another 25 and 25 units for 730 hours, at 0.00065 and 0.00013 dollars an hour."""
    usage = add_up([{"dynamodb_read_units": 25, "dynamodb_write_units": 25}] * 2)
    assert total(price(usage, load_prices())) == pytest.approx(25 * 730 * (0.00065 + 0.00013))


def test_dashboards_are_free_up_to_three_if_they_are_small() -> None:
    small, large = Dashboard(metrics=50, log_queries=0), Dashboard(metrics=51, log_queries=0)
    measured = _measured(route=_request("recommend", 0))
    for pages, dollars in (((small,) * 3, 0), ((small,) * 6, 9), ((small, large), 3)):
        usage = monthly_usage(_deployment(dashboards=pages), ALL_TO_ONE, 0, measured)
        assert total(price(usage, load_prices())) == pytest.approx(dollars)


def test_who_has_no_requests_pays_for_no_requests() -> None:
    measured = load_measurements()
    for mix in MIXES.values():
        bill = bills_of(
            [_deployment(functions=_all_functions(measured))], mix, [0], measured, load_prices()
        )[0]
        charged = {line.item for line in bill if line.dollars}
        assert charged <= {"ecr_storage_gb_months", "s3_storage_gb_months"}


def test_every_route_of_a_mix_was_measured() -> None:
    measured = load_measurements()
    deployment = _deployment(functions=_all_functions(measured))
    for mix in MIXES.values():
        usage = monthly_usage(deployment, mix, 1_000, measured)
        assert usage["lambda_requests"] >= 1_000


def test_shares_that_are_not_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match=r"add up to 0\.9"):
        Mix("half", {"GET /health": 0.9})


def _all_functions(measured: Measurements) -> dict[str, Function]:
    return dict.fromkeys((request.function for request in measured.requests.values()), ARM)
