"""Plots as files: the same bytes from the same figures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.reports import Report

# Text stays text, and names of parts do not change from run to run.
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "benchmarks",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.use": True,
}


def save_plots(folder: Path, suite: str, report: Report) -> None:
    """Draw what `benchmarks.<suite>_plots` draws, into `folder`."""
    folder.mkdir(exist_ok=True)
    with mpl.rc_context(_STYLE):
        for name, figure in import_module(f"benchmarks.{suite}_plots").draw(report).items():
            figure.savefig(folder / f"{suite}-{name}.svg", metadata={"Date": None})
