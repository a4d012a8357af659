"""Pricing: quantities become lines, each less what of it is free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cost.prices import PriceTable


@dataclass(frozen=True)
class Line:
    """One item of a month's bill."""

    item: str
    quantity: float
    free: float
    """What of the quantity costs nothing."""
    dollars: float


def price(quantities: Mapping[str, float], table: PriceTable) -> list[Line]:
    """Return the lines of a bill, in the table's order; `quantities` are the whole account's.

    Free amounts are subtracted once. Of a shared one, the items earlier in the table take first:
    the cheaper stand first, so that the bill is not too low.

    Raises `KeyError` for a quantity that has no price.
    """
    unknown = quantities.keys() - table.items.keys()
    if unknown:
        message = f"No price for {', '.join(sorted(unknown))}"
        raise KeyError(message)
    left = {name: pool.always_free for name, pool in table.pools.items()}
    lines = []
    for name, item in table.items.items():
        quantity = quantities.get(name, 0.0)
        free = min(quantity, left[item.pool] if item.pool else item.always_free)
        if item.pool:
            left[item.pool] -= free
        dollars = (quantity - free) / item.unit_size * item.price
        lines.append(Line(name, quantity, free, dollars))
    return lines


def total(lines: list[Line]) -> float:
    """Return the sum in dollars."""
    return sum(line.dollars for line in lines)
