"""Figures as they stand on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.reports import Report


def cell(spread: Mapping[str, Any], decimals: int = 1) -> str:
    """Write a `Spread` as its median, and its quartiles in brackets."""
    low, high = spread["lower_quartile"], spread["upper_quartile"]
    return f"{spread['median']:.{decimals}f} ({low:.{decimals}f} to {high:.{decimals}f})"


def describe_load(report: Report) -> str:
    """Say how busy the machine was."""
    start = report["machine"]["load_average_at_start"]
    return f"{start} at the start, {report['load_average_at_end']} at the end"


def describe_versions(report: Report) -> str:
    """Name Python's version, and those of the packages that were measured."""
    machine = report["machine"]
    packages = [f"{name} {version}" for name, version in machine["packages"].items()]
    return ", ".join([f"{machine['system']}, Python {machine['python']}", *packages])
