"""Plots of `recommend`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from benchmarks.recommend_page import COLUMNS, TARGETS_MS
from local.cost.prices import load_prices
from stacks.sizes import SIZES

if TYPE_CHECKING:
    from benchmarks.reports import Report

KIND = "like the catalogue"


def draw(report: Report) -> dict[str, Figure]:
    """Draw how the time of a query grows with the catalogue, and how fast it is scanned."""
    scan = {"scan": _draw_scan(report)} if "scan" in report["runs"][0] else {}
    return {"growth": _draw_growth(report), **scan}


def _draw_growth(report: Report) -> Figure:
    runs = [run for run in report["runs"] if run["vectors"] == KIND]
    sizes = [run["landmarks"] for run in runs]
    figure = Figure(figsize=(7, 4))
    axes = figure.subplots()
    for name, title in COLUMNS.items():
        spreads = [run["times"][name] for run in runs]
        peer = not name.startswith(("nearby", "global"))
        axes.plot(
            sizes,
            [spread["median"] for spread in spreads],
            label=title,
            marker="o",
            linestyle="--" if peer else "-",
        )
        low = [spread["lower_quartile"] for spread in spreads]
        high = [spread["upper_quartile"] for spread in spreads]
        axes.fill_between(sizes, low, high, alpha=0.2)
    limits = {size: limit for size, limit in TARGETS_MS.items() if size in sizes}
    axes.scatter(
        list(limits), list(limits.values()), marker="_", s=300, color="black", label="to reach"
    )
    axes.set(xscale="log", yscale="log", xlabel="landmarks", ylabel="ms a query")
    # Of a query that is alone on the function's one core.
    dollars = SIZES["recommend"].memory_mb / 1_024 / 1_000 * 1e6 * _arm_second()
    costs = axes.secondary_yaxis(
        "right",
        functions=(lambda ms: np.multiply(ms, dollars), lambda price: np.divide(price, dollars)),
    )
    costs.set_ylabel("dollars a million, on Lambda, at so many ms")
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _arm_second() -> float:
    """Return the price of a GB-second of the zip functions, in dollars."""
    item = load_prices().items["lambda_arm_gb_seconds"]
    return item.price / item.unit_size


def _draw_scan(report: Report) -> Figure:
    figure = Figure(figsize=(7, 4))
    axes = figure.subplots()
    for kind in dict.fromkeys(run["vectors"] for run in report["runs"]):
        runs = [run for run in report["runs"] if run["vectors"] == kind]
        sizes = [run["landmarks"] for run in runs]
        for name, line in (("speed", "-"), ("memory_speed", ":")):
            spreads = [run["scan"][name] for run in runs]
            axes.errorbar(
                sizes,
                [spread["median"] for spread in spreads],
                yerr=[
                    [spread["median"] - spread["lower_quartile"] for spread in spreads],
                    [spread["upper_quartile"] - spread["median"] for spread in spreads],
                ],
                linestyle=line,
                marker="o",
                label=f"{'scan' if name == 'speed' else 'memory'}, {kind}",
            )
    axes.set(xscale="log", xlabel="landmarks", ylabel="GB/s")
    axes.set_ylim(bottom=0)
    figure.legend(loc="outside right upper", frameon=False)
    return figure
