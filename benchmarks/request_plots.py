"""Plots of the overhead of one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from benchmarks.reports import Report

APPS = {"ours": "ours", "fastapi": "FastAPI with Mangum"}


def draw(report: Report) -> dict[str, Figure]:
    """Draw both, warm beside cold."""
    figure = Figure(figsize=(7, 3.2))
    warm, cold = figure.subplots(1, 2)
    _bars(warm, report["warm"])
    warm.set(title="warm", ylabel="µs a request")
    _bars(
        cold,
        {name: {app: row[app]["wall"] for app in APPS} for name, row in report["cold"].items()},
    )
    cold.set(title="cold", ylabel="ms to the first answer")
    figure.legend(*warm.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return {"overhead": figure}


def _bars(axes: Any, rows: Report) -> None:  # noqa: ANN401 - of matplotlib
    for number, (app, title) in enumerate(APPS.items()):
        spreads = [row[app] for row in rows.values()]
        medians = [spread["median"] for spread in spreads]
        around = [
            [spread["median"] - spread["lower_quartile"] for spread in spreads],
            [spread["upper_quartile"] - spread["median"] for spread in spreads],
        ]
        places = [place + 0.4 * number for place in range(len(rows))]
        axes.bar(places, medians, 0.38, yerr=around, label=title)
    axes.set_xticks([place + 0.2 for place in range(len(rows))], list(rows))
