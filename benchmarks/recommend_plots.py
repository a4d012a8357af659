"""Plots of `recommend`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from benchmarks.recommend_page import COLUMNS, TARGETS_MS

if TYPE_CHECKING:
    from benchmarks.reports import Report

KIND = "like the catalogue"


def draw(report: Report) -> dict[str, Figure]:
    """Draw how the time of a query grows with the catalogue."""
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
    figure.legend(loc="outside right upper", frameon=False)
    return {"growth": figure}
