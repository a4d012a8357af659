"""Plots of memory sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from benchmarks.reports import Report


def draw(report: Report) -> dict[str, Figure]:
    """Draw, of each function, cold start and usual request over what a thousand requests cost."""
    figure = Figure(figsize=(9, 4))
    kinds = {"cold_ms": "cold start", "usual_ms": "usual request"}
    for axes, (kind, title) in zip(figure.subplots(1, 2), kinds.items(), strict=True):
        for name, function in report["functions"].items():
            dollars = [one["dollars_a_thousand"] for one in function["estimates"]]
            times = [one[kind] for one in function["estimates"]]
            (line,) = axes.plot(dollars, times, marker=".", label=name)
            for one in function["estimates"]:
                if one["memory_mb"] == function["recommended_mb"]:
                    axes.plot(
                        one["dollars_a_thousand"], one[kind],
                        marker="o", markersize=9, fillstyle="none", color=line.get_color(),
                    )  # fmt: skip
        axes.set(xscale="log", yscale="log", title=title, ylabel="ms")
        axes.set_xlabel("dollars per 1,000 requests")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", frameon=False)
    return {"tuning": figure}
