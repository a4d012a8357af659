"""What a widget shows: lines in time, bars, a table, or the states of alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter, MaxNLocator

from local.dashboards.tables import draw_table, height_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from local.dashboards.insights import Answer
    from local.dashboards.measurements import Measurements
    from local.dashboards.metrics import Series

PALETTE = ("#1f77b4", "#2ca02c", "#ff7f0e", "#d62728", "#9467bd", "#8c564b", "#17becf")
GREY, FRAME = "#687078", "#d5dbdb"
# What a state is called, and its colour.
STATES = {
    "OK": ("in order", "#d5f0d5"),
    "ALARM": ("raised", "#f9c6c6"),
    "INSUFFICIENT_DATA": ("no data yet", "#e5e8e8"),
}
NOT_MEASURED = "not measured by the local cloud"
NOTHING = "nothing in this time"


def draw_alarms(axes: Axes, alarms: Sequence[tuple[str, str]]) -> None:
    """Draw a box for each alarm, in the colour of its state."""
    axes.axis("off")
    across, tall = 5, axes.get_position().height * height_of(axes)
    for number, (name, state) in enumerate(alarms):
        column, row = number % across, number // across
        axes.text(
            -0.02 + column / across, 1.45 - row * 0.28 / tall, f"{name}: {STATES[state][0]}",
            va="top", fontsize=8.5, transform=axes.transAxes,
            bbox={"facecolor": STATES[state][1], "edgecolor": "none", "pad": 3},
        )  # fmt: skip


def draw_series(
    axes: Axes, properties: Mapping[str, Any], series: Sequence[Series], run: Measurements
) -> None:
    """Draw the lines of a metric widget, and its limits."""
    known = [one for one in series if one.points is not None]
    if not known:
        _say(axes, NOT_MEASURED)
    for number, one in enumerate(series):
        if one.points is not None:
            colour = one.colour or PALETTE[number % len(PALETTE)]
            _line(axes, one.points, began=run.began, color=colour, label=one.label)
        elif known:
            axes.plot([], [], color=FRAME, label=f"{one.label}: not measured")
    if known and not any(one.points for one in known):
        _say(axes, NOTHING)
    for mark in properties.get("annotations", {}).get("horizontal", []):
        axes.axhline(mark["value"], color=mark["color"], linewidth=1)
        axes.text(
            0.99, mark["value"], mark["label"], color=mark["color"], ha="right", va="top",
            fontsize=7, transform=axes.get_yaxis_transform(),
        )  # fmt: skip
    _tidy(axes, run, highest=properties.get("yAxis", {}).get("left", {}).get("max"))


def draw_answer(
    axes: Axes,
    properties: Mapping[str, Any],
    found: Answer,
    run: Measurements,
    *,
    inches: float,
) -> None:
    """Draw the answer to a log query."""
    if not found.rows:
        axes.axis("off")
        # The local cloud has no line of this kind at all, or there was none of it.
        _say(axes, NOTHING)
    elif found.in_time:
        for number, name in enumerate(found.columns[1:]):
            points = {row["bin"]: row[name] for row in found.rows if row[name] is not None}
            if points:
                draw = _bars_in_time if properties["view"] == "bar" else _line
                draw(axes, points, began=run.began, color=PALETTE[number], label=name)
        _tidy(axes, run)
    elif properties["view"] == "bar":
        _bars(axes, found)
    else:
        axes.axis("off")
        draw_table(axes, found, inches=inches)


def _line(axes: Axes, points: Mapping[float, float], *, began: float, **look: Any) -> None:  # noqa: ANN401
    at = [moment - began for moment in points]
    axes.plot(at, list(points.values()), marker=".", markersize=4, linewidth=1.2, **look)


def _bars_in_time(
    axes: Axes,
    points: Mapping[float, float],
    *,
    began: float,
    **look: Any,  # noqa: ANN401
) -> None:
    at = [moment - began for moment in points]
    axes.bar(at, list(points.values()), width=8, align="edge", **look)


def _bars(axes: Axes, found: Answer) -> None:
    """Draw one bar for each group, the largest at the top."""
    *names, amount = found.columns
    rows = sorted(found.rows, key=lambda row: row[amount])
    labels = [" · ".join(str(row[name]) for name in names) for row in rows]
    position = axes.get_position()
    # Room for the labels, within the widget's box.
    room = min(0.55, 0.022 * max(map(len, labels)) * 6 / (position.width * 24))
    axes.set_position(
        (
            position.x0 + room * position.width * 0.8,
            position.y0,
            position.width * (1 - 0.8 * room),
            position.height * 1.1,
        )
    )
    drawn = axes.barh(labels, [row[amount] for row in rows], color=PALETTE[0], height=0.6)
    axes.bar_label(drawn, padding=2, fontsize=7.5)
    # One bar is not to be as thick as the widget is high.
    axes.set_ylim(len(labels) - 0.5 - max(3, len(labels)), len(labels) - 0.5)
    axes.margins(x=0.12)
    axes.set_xticks([])
    axes.tick_params(length=0)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _tidy(axes: Axes, run: Measurements, *, highest: float | None = None) -> None:
    axes.set_xlim(0, run.ended - run.began)
    axes.set_ylim(0, highest or max(1, axes.get_ylim()[1] * 1.02))
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 3, 6, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at // 60:.0f}:{at % 60:02.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(axis="y", color="#eaeded", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=2, color=GREY, labelcolor=GREY, labelsize=7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 0.98), ncols=4, frameon=False, fontsize=7,
            handlelength=1.2, columnspacing=0.9, handletextpad=0.4, borderaxespad=0,
        )  # fmt: skip


def _say(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, ha="center", va="center", color=GREY, transform=axes.transAxes)
