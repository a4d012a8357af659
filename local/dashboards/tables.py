"""A table within a widget."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from local.dashboards.insights import Answer

FONT_SIZE = 7.5
# Inches that a character takes, on the average, at this size.
CHARACTER = 0.064
LINE = 0.175
GAP = 2
GREY, RULE = "#687078", "#eaeded"


def draw_table(axes: Axes, answer: Answer, *, inches: float) -> None:
    """Draw the rows of an answer, as many as fit; long texts end in an ellipsis."""
    tall = axes.get_position().height * height_of(axes) + 0.25
    fitting = max(1, int(tall / LINE) - 1)
    rows = [answer.columns, *([_tell(value) for value in row.values()] for row in answer.rows)]
    more = len(rows) - 1 - fitting
    rows = rows[: fitting + 1] if more <= 0 else rows[:fitting]
    widths = _fit([max(len(row[at]) for row in rows) for at in range(len(answer.columns))], inches)
    wide = axes.get_position().width * width_of(axes)
    for number, row in enumerate(rows):
        height = 1.16 - (number + 0.5) * LINE / (tall - 0.25)
        at = -0.3 / wide
        for text, width in zip(row, widths, strict=True):
            axes.text(
                at, height, _shorten(text, width), va="center", fontsize=FONT_SIZE,
                weight="bold" if number == 0 else "normal",
                color=GREY if number == 0 else "black", transform=axes.transAxes, clip_on=False,
            )  # fmt: skip
            at += (width + GAP) * CHARACTER / wide
        axes.plot(
            [-0.3 / wide, 1], [height - 0.5 * LINE / (tall - 0.25)] * 2, color=RULE, linewidth=0.6,
            transform=axes.transAxes, clip_on=False,
        )  # fmt: skip
    if more > 0:
        axes.text(
            -0.3 / wide, 1.16 - (len(rows) + 0.5) * LINE / (tall - 0.25), f"and {more + 1} more",
            va="center", fontsize=FONT_SIZE, color=GREY, transform=axes.transAxes, clip_on=False,
        )  # fmt: skip


def height_of(axes: Axes) -> float:
    """Return the inches that the whole picture is high."""
    return float(axes.figure.get_figure(root=True).get_figheight())


def width_of(axes: Axes) -> float:
    """Return the inches that the whole picture is wide."""
    return float(axes.figure.get_figure(root=True).get_figwidth())


def _fit(widths: Sequence[int], inches: float) -> list[int]:
    """Return widths in characters that fit, taken from the widest first."""
    fitted = list(widths)
    while (sum(fitted) + GAP * len(fitted)) * CHARACTER > inches:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _tell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}".removesuffix(".0")
    if isinstance(value, int) and value > 10**12:
        # Milliseconds since 1970.
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%H:%M:%S")
    return str(value)
