"""The price table: one item for each quantity that AWS bills, and what of it is always free."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Item:
    """One line of a bill."""

    title: str
    unit: str
    unit_size: float
    """How many of what is counted make one unit that has the price."""
    price: float
    """Dollars a unit."""
    seen_on: str
    always_free: float = 0
    """What of it costs nothing in a month, for good; in what is counted, not in units."""
    first_year_free: float = 0
    """What accounts from before July 15, 2025 have free in their first 12 months."""
    pool: str = ""
    """The free amount that it shares with other items."""
    note: str = ""


@dataclass(frozen=True)
class Pool:
    """A free amount that several items use up together."""

    title: str
    always_free: float
    seen_on: str


@dataclass(frozen=True)
class PriceTable:
    """Prices of one region at one day."""

    region: str
    looked_up: str
    how: str
    free_tier_note: str
    items: dict[str, Item]
    pools: dict[str, Pool]
    not_counted: tuple[str, ...]


def load_prices(path: Path = PRICES) -> PriceTable:
    """Read the table. Raises `TypeError` for an item with an unknown or a missing entry."""
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return PriceTable(
        region=table["region"],
        looked_up=table["looked_up"],
        how=table["how"],
        free_tier_note=table["free_tier"]["note"],
        items={name: Item(**item) for name, item in table["items"].items()},
        pools={name: Pool(**pool) for name, pool in table["pools"].items()},
        not_counted=tuple(table["not_counted"]),
    )
