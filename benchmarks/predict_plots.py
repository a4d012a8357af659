"""Plots of `predict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from benchmarks.predict_page import TASKS, TITLES
from benchmarks.predict_page_cold import STARTS
from benchmarks.predict_page_cold import TIME_TARGETS as COLD_TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.reports import Report

_SHORT = {"b3": "EfficientNet-B3", "lite2": "Lite2, shipped"}


def draw(report: Report) -> dict[str, Figure]:
    """Draw whole requests and the network alone, shares of the peak, and starts."""
    return {"warm": _warm(report), "limit": _limit(report), "cold": _cold(report)}


def _warm(report: Report) -> Figure:
    """Draw a panel for each network and task, at the most threads."""
    figure = Figure(figsize=(9, 6))
    panels = figure.subplots(len(report["warm"]), len(TASKS), sharex="row", sharey=True)
    for row, (name, network) in zip(panels, report["warm"].items(), strict=True):
        threads, figures = list(network["threads"].items())[-1]
        for axes, (task, title) in zip(row, TASKS.items(), strict=True):
            times = figures["tasks"][task]["times"]
            _bars(axes, {TITLES[one]: times.get(one) for one in _order(figures)}, report)
            axes.set_title(f"{_SHORT[name]}: {title}", fontsize=9)
        row[0].set_ylabel(f"{threads} thread" + ("s" if threads != "1" else ""))
        row[-1].set_xlabel("ms")
    return figure


def _order(figures: Report) -> list[str]:
    times = figures["tasks"]["12mp"]["times"]
    return [one for one in reversed(TITLES) if one in times]


def _bars(axes: Any, spreads: Mapping[str, Mapping[str, Any] | None], report: Report) -> None:  # noqa: ANN401 - matplotlib's
    names = list(spreads)
    ours = {TITLES[package] for package in report["sets"]}
    for number, name in enumerate(names):
        spread = spreads[name]
        if spread is None:
            continue
        colour = "tab:blue" if name in ours else "tab:gray"
        axes.barh(number, spread["median"], color=colour, xerr=_around(spread))
    axes.set_yticks(range(len(names)), names, fontsize=8)


def _around(spread: Mapping[str, Any]) -> list[list[float]]:
    median = spread["median"]
    return [[median - spread["lower_quartile"]], [spread["upper_quartile"] - median]]


def _limit(report: Report) -> Figure:
    figure = Figure(figsize=(9, 4))
    axes = figure.subplots()
    groups = {
        f"{_SHORT[name]},\nthreads: {threads}": figures["of_peak"]
        for name, network in report["warm"].items()
        for threads, figures in network["threads"].items()
    }
    names = list(next(iter(groups.values())))
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        shares = [100 * group[name]["median"] for group in groups.values()]
        places = [place + width * (number - len(names) / 2) for place in range(len(groups))]
        axes.bar(places, shares, width, label=TITLES[name])
    axes.set_xticks(range(len(groups)), list(groups), fontsize=8)
    axes.set(ylabel="% of a matrix product's FLOP/s", ylim=(0, 100))
    figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    return figure


def _cold(report: Report) -> Figure:
    figure = Figure(figsize=(8, 5))
    panels = figure.subplots(len(report["cold"]), 2, sharex="col", sharey=True, squeeze=False)
    for row, (name, figures) in zip(panels, report["cold"].items(), strict=True):
        starts = [start for start in reversed(STARTS) if start in figures["starts"]]
        for axes, (what, unit) in zip(row, (("wall", "ms"), ("peak", "MB")), strict=True):
            for number, start in enumerate(starts):
                spread = figures["starts"][start][what]
                colour = "tab:blue" if start == "ours" else "tab:gray"
                axes.barh(number, spread["median"], color=colour, xerr=_around(spread))
            titles = [STARTS[start].replace("`", "") for start in starts]
            axes.set_yticks(range(len(starts)), titles, fontsize=8)
            subject = "first answer" if unit == "ms" else "most memory"
            axes.set_title(f"{_SHORT[name]}: {subject}", fontsize=9)
            axes.set_xlabel(unit)
        wall = figures["starts"]
        limit = min(target * wall[peer]["wall"]["median"] for peer, target in COLD_TARGETS.items())
        row[0].axvline(limit, color="black", linestyle=":")
    return figure
