"""Say which figures two runs of a suite do not agree on.

    make bench-compare SUITE=request      the last two runs of `make bench`
    python -m benchmarks.compare BEFORE.json AFTER.json

A figure has moved when the quartiles of the two do not overlap and the medians differ by 2 % or
more: the time of a short loop repeats to a thousandth within one process, and not in the next.
Exits with 1 when a ratio has. What is not a ratio has the machine's own speed in it, which for a
virtual one differs by a quarter from minute to minute: that it moved is said, and is no failure.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.reports import BEFORE, read_report, results_of
from benchmarks.suites import SUITES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.reports import Report

TOLERANCE = 0.02


@dataclass(frozen=True)
class Move:
    """A figure, by its place in the JSON, and its medians."""

    place: str
    before: float
    after: float
    unit: str

    @property
    def change(self) -> float:
        """By what share of what it was."""
        return self.after / self.before - 1 if self.before else float("inf")

    def __str__(self) -> str:
        """Write it for a person."""
        return f"{self.place}: {self.before:g} to {self.after:g} {self.unit} ({self.change:+.1%})"


_STILL = Move("", 1.0, 1.0, "")


def figures_in(value: object, place: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Find every `Spread` in a report."""
    if isinstance(value, dict):
        if {"median", "lower_quartile", "upper_quartile"} <= value.keys():
            yield place, value
            return
        for name, inner in value.items():
            yield from figures_in(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from figures_in(inner, f"{place}[{number}]")


def compare(before: Report, after: Report) -> tuple[int, list[Move]]:
    """Return how many figures both have, and those that moved."""
    earlier, later = dict(figures_in(before)), dict(figures_in(after))
    shared = [place for place in earlier if place in later]
    moves = [
        Move(place, earlier[place]["median"], later[place]["median"], later[place]["unit"])
        for place in shared
        if _moved(earlier[place], later[place])
    ]
    return len(shared), moves


@dataclass(frozen=True)
class Agreement:
    """How two runs agree: ratios, and all other figures."""

    ratios: int
    moved_ratios: list[Move]
    others: int
    moved_others: list[Move]

    @classmethod
    def of(cls, before: Report, after: Report) -> Agreement:
        """Compare two reports of a suite."""
        count, moves = compare(before, after)
        ratios = [unit == "ratio" for unit in _units(before, after)]
        return cls(
            ratios=sum(ratios),
            moved_ratios=[move for move in moves if move.unit == "ratio"],
            others=count - sum(ratios),
            moved_others=[move for move in moves if move.unit != "ratio"],
        )

    def __str__(self) -> str:
        """Write it for a person."""
        moved = statistics.median(abs(move.change) for move in self.moved_others or [_STILL])
        return (
            f"{self.ratios - len(self.moved_ratios)} of {self.ratios} ratios agree, and "
            f"{self.others - len(self.moved_others)} of {self.others} other figures"
            + (f"; the rest moved by {100 * moved:.0f} % (median)" if self.moved_others else "")
        )


def _units(before: Report, after: Report) -> Iterator[str]:
    later = dict(figures_in(after))
    return (figure["unit"] for place, figure in figures_in(before) if place in later)


def _moved(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    apart: bool = (
        one["upper_quartile"] < other["lower_quartile"]
        or other["upper_quartile"] < one["lower_quartile"]
    )
    larger = max(abs(one["median"]), abs(other["median"]))
    difference: float = abs(one["median"] - other["median"])
    return apart and difference >= TOLERANCE * larger


def main() -> int:
    """Compare two files, or the last two runs of every suite or of some."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("which", nargs="*", help="two files, or suites; all suites by default")
    which = parser.parse_args().which
    pairs = (
        {Path(which[1]).stem: (Path(which[0]), Path(which[1]))}
        if len(which) == 2 and which[0].endswith(".json")  # noqa: PLR2004 - a pair
        else {suite: (results_of(suite, BEFORE), results_of(suite)) for suite in which or SUITES}
    )
    moved = 0
    for suite, (before, after) in pairs.items():
        if not (before.exists() and after.exists()):
            sys.stdout.write(f"{suite}: there are no two runs to compare\n")
            continue
        agreement = Agreement.of(read_report(before), read_report(after))
        sys.stdout.write(f"{suite}: {agreement}\n")
        for move in (*agreement.moved_ratios, *agreement.moved_others):
            sys.stdout.write(f"  {move}\n")
        moved += len(agreement.moved_ratios)
    return int(moved > 0)


if __name__ == "__main__":
    sys.exit(main())
