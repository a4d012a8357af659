"""A dashboard on paper: its widgets where its body says, filled with what a run measured."""

from __future__ import annotations

import io
import re
import textwrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image

from local.dashboards.insights import Answer, answer
from local.dashboards.metrics import series_of
from local.dashboards.plots import FRAME, GREY, draw_alarms, draw_answer, draw_series
from local.dashboards.tables import height_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from local.dashboards.measurements import Measurements

COLUMNS = 24
# Inches of a column and of a unit of height; 100 pixels an inch.
COLUMN, UNIT = 0.62, 0.36
DPI = 100
FOOTER = 0.5
# Inches that a widget keeps free around what it shows: left, right, top, bottom.
MARGINS = (0.48, 0.14, 0.56, 0.28)
COLOURS = 128
mpl.rcParams.update({"font.size": 7.5, "axes.linewidth": 0.6, "font.family": "DejaVu Sans"})


def draw(body: Mapping[str, Any], run: Measurements, file: Path, *, span_seconds: float) -> None:
    """Draw the dashboard `body`, a point every `span_seconds`, as a PNG."""
    widgets = body["widgets"]
    rows = max(widget["y"] + widget["height"] for widget in widgets)
    width, height = COLUMNS * COLUMN, rows * UNIT + FOOTER
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="#f2f3f3")
    for widget in widgets:
        axes = _frame(figure, widget, width, height)
        properties = widget["properties"]
        if widget["type"] == "text":
            _write(axes, properties["markdown"], widget["width"] * COLUMN)
        elif widget["type"] == "alarm":
            draw_alarms(axes, [run.alarms[arn] for arn in properties["alarms"]])
        elif widget["type"] == "metric":
            draw_series(axes, properties, series_of(properties, run, span_seconds), run)
        elif widget["type"] == "log":
            found = _ask(properties, run, span_seconds)
            inches = widget["width"] * COLUMN - 0.3
            draw_answer(axes, properties, found, run, inches=inches)
    figure.text(
        0.01,
        0.1 / height,
        f"A local run of {run.ended - run.began:.0f} s, a point every {span_seconds:.0f} s"
        " (on AWS: the last three hours, every one to five minutes), drawn by `make dashboards`.",
        color=GREY,
        fontsize=8,
    )
    _save(figure, file)


def _frame(figure: Figure, widget: Mapping[str, Any], width: float, height: float) -> Axes:
    """Return the axes of a widget, within its white box."""
    gap = 0.05
    left, wide = widget["x"] * COLUMN + gap, widget["width"] * COLUMN - 2 * gap
    top, tall = widget["y"] * UNIT + gap, widget["height"] * UNIT - 2 * gap
    box = (left / width, 1 - (top + tall) / height, wide / width, tall / height)
    back = figure.add_axes(box, facecolor="white", xticks=[], yticks=[])
    for spine in back.spines.values():
        spine.set_color(FRAME)
    if widget["type"] == "text":
        return back
    back.text(
        0.1 / wide,
        1 - 0.11 / tall,
        widget["properties"]["title"],
        va="top",
        weight="bold",
        fontsize=8.5,
        transform=back.transAxes,
    )
    before, after, above, below = MARGINS
    inner = (
        (left + before) / width,
        1 - (top + tall - below) / height,
        (wide - before - after) / width,
        (tall - above - below) / height,
    )
    return figure.add_axes(inner)


def _ask(properties: Mapping[str, Any], run: Measurements, span_seconds: float) -> Answer:
    groups, query = _split_sources(properties["query"])
    lines = [line for group in groups for line in run.lines[group]]
    lines = [line for line in lines if run.began <= line["@timestamp"] / 1000 <= run.ended]
    return answer(query, lines, bin_seconds=span_seconds)


def _split_sources(query: str) -> tuple[list[str], str]:
    """Return the log groups that a widget names, and its query."""
    parts = query.split("\n| ") if "\n| " in query else [query]
    sources = " | ".join(parts)
    groups = re.findall(r"SOURCE '([^']+)'", sources)
    rest = re.sub(r"^(?:SOURCE '[^']+' \| )+", "", sources)
    return groups, rest.replace(" | ", "\n| ")


def _write(axes: Axes, markdown: str, inches: float) -> None:
    heading, *paragraphs = markdown.split("\n\n")
    tall = axes.get_position().height * height_of(axes)
    axes.text(
        0.008, 1 - 0.1 / tall, heading.removeprefix("## "), va="top", weight="bold", fontsize=12,
        transform=axes.transAxes,
    )  # fmt: skip
    plain = [re.sub(r"\[([^]]+)\]\([^)]*\)|\*\*|`|\*", r"\1", text) for text in paragraphs]
    wrapped = "\n".join(textwrap.fill(text, int(inches * 14)) for text in plain)
    axes.text(
        0.008, 1 - 0.38 / tall, wrapped, va="top", fontsize=9, linespacing=1.35,
        transform=axes.transAxes,
    )  # fmt: skip


def _save(figure: Figure, file: Path) -> None:
    """Write a PNG of few colours: a fifth of the size, and no eye sees it."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    with Image.open(drawn) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
