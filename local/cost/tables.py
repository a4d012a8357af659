"""Bills, measurements and prices as tables of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cost.bill import price, total
from local.cost.usage import add_up, cold_share, gb_seconds_of, monthly_usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from local.cost.bill import Line
    from local.cost.measured import Measurements
    from local.cost.prices import Item, PriceTable
    from local.cost.templates import Deployment
    from local.cost.traffic import Mix

Bills = dict[int, list["Line"]]
"""The lines of one account's month, by its number of requests."""

_SELDOM = 1_000


def bills_of(
    deployments: Sequence[Deployment],
    mix: Mix,
    requests: Sequence[int],
    measured: Measurements,
    table: PriceTable,
) -> Bills:
    """Return the bill of one account for each number of requests.

    The first deployment has the requests; the others stand idle beside it.
    """
    return {
        number: price(
            add_up(
                monthly_usage(deployment, mix, 0 if idle else number, measured)
                for idle, deployment in enumerate(deployments)
            ),
            table,
        )
        for number in requests
    }


def write_bill(bills: Bills, table: PriceTable) -> str:
    """Return the dollars of every item that is used, how much at the last number, and what is free.

    What is free is in the unit of what is used.
    """
    most = max(bills)
    rows = [["dollars a month at", *_numbers(bills), f"used at {most:,}", "always free"]]
    for position, item in enumerate(table.items.values()):
        lines = [lines[position] for lines in bills.values()]
        if any(line.quantity for line in lines):
            used = _quantity(bills[most][position].quantity)
            dollars = (_dollars(line.dollars) for line in lines)
            rows.append([item.title, *dollars, used, _free(item, table)])
    sums = [f"**{total(lines):,.2f}**" for lines in bills.values()]
    return _table([*rows, ["**together**", *sums, "", ""]])


def more_table(bills: Bills, without: Bills, table: PriceTable) -> str:
    """Return what the items of some bills have more than those of others, where they have."""
    most = max(bills)
    rows = [["dollars a month more, at", *_numbers(bills), f"more used at {most:,}", "always free"]]
    for position, item in enumerate(table.items.values()):
        pairs = [(bills[number][position], without[number][position]) for number in bills]
        if any(one.quantity > other.quantity for one, other in pairs):
            one, other = bills[most][position], without[most][position]
            dollars = (_dollars(one.dollars - other.dollars) for one, other in pairs)
            more = _quantity(one.quantity - other.quantity)
            rows.append([item.title, *dollars, more, _free(item, table)])
    sums = [f"**{total(bills[number]) - total(without[number]):,.2f}**" for number in bills]
    return _table([*rows, ["**together**", *sums, "", ""]])


def sum_table(kinds: Mapping[str, Bills]) -> str:
    """Return one line of sums for each of several bills."""
    first = next(iter(kinds.values()))
    rows = [["dollars a month at", *_numbers(first)]]
    rows += [
        [kind, *(f"{total(lines):,.2f}" for lines in bills.values())]
        for kind, bills in kinds.items()
    ]
    return _table(rows)


def compute_table(
    deployment: Deployment,
    mix: Mix,
    requests: Sequence[int],
    measured: Measurements,
) -> str:
    """Return the GB-seconds of each function, and of all."""
    months = [gb_seconds_of(deployment, mix, number, measured) for number in requests]
    rows = [["GB-seconds a month at", "processor", "MB", *_numbers(requests)]]
    for name in months[0]:
        function = deployment.functions[name]
        seconds = (f"{month[name]:,.0f}" for month in months)
        processor = "arm64" if function.arm else "x86_64"
        rows.append([f"`{name}`", processor, f"{function.memory_mb:,}", *seconds])
    sums = (f"**{sum(month.values()):,.0f}**" for month in months)
    return _table([*rows, ["**together**", "", "", *sums]])


def request_table(deployment: Deployment, measured: Measurements) -> str:
    """Return what was measured of each request, and what Lambda bills for it."""
    rows = [["request", "function", "CPU ms", "calls", "billed ms", "log bytes"]]
    for route, request in measured.requests.items():
        name = request.function
        calls = ", ".join(f"{service} {times}" for service, times in request.work.calls.items())
        billed = request.work.billed_ms(deployment.functions[name], measured.threads.get(name, 1))
        rows.append(
            [
                *(f"`{route}`", f"`{name}`", f"{request.work.cpu_ms:,.1f}", calls or "none"),
                *(f"{billed:,}", f"{request.log_bytes:,}"),
            ]
        )
    return _table(rows)


def start_table(deployment: Deployment, measured: Measurements) -> str:
    """Return what was measured of each function's start, and what Lambda bills for it."""
    rows = [["cold start of", "MB", "CPU ms", "billed ms", "share when seldom called\\*"]]
    for name, work in measured.starts.items():
        function = deployment.functions[name]
        rows.append(
            [
                *(f"`{name}`", f"{function.memory_mb:,}", f"{work.cpu_ms:,.0f}"),
                *(f"{work.billed_ms(function, 1):,}", f"{cold_share(_SELDOM):.0%}"),
            ]
        )
    return _table(rows)


def price_table(table: PriceTable) -> str:
    """Return the prices, what is free of each for whom, and where they were seen."""
    head = ["item", "dollars", "for one", "always free", "free in older accounts' first year"]
    rows = [[*head, "seen on"]]
    for item in table.items.values():
        first_year = f"{item.first_year_free:,.12g}" if item.first_year_free else ""
        dollars = f"{item.price:.10f}".rstrip("0").rstrip(".")
        seen = f"{item.seen_on}. {item.note}" if item.note else item.seen_on
        rows.append([item.title, dollars, item.unit, _free(item, table), first_year, seen])
    return _table(rows)


def _free(item: Item, table: PriceTable) -> str:
    if item.pool:
        pool = table.pools[item.pool]
        return f"{pool.always_free:,.12g} {pool.title}, together"
    return f"{item.always_free:,.12g}" if item.always_free else "nothing"


def _numbers(requests: Iterable[int]) -> list[str]:
    return [f"{number:,} requests" for number in requests]


def _quantity(used: float) -> str:
    return f"{used:,.0f}" if used >= _SELDOM else f"{used:,.3g}"


def _dollars(dollars: float) -> str:
    return f"{dollars:,.2f}" if dollars else "0"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
