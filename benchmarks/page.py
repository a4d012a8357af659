"""`docs/performance.md`: a section a suite, made from its JSON alone.

What stands between a suite's marks is written here; text outside of marks is left as it is.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

from benchmarks.cells import describe_load
from benchmarks.reports import ROOT, read_report, results_of
from benchmarks.suites import SUITES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from benchmarks.reports import Report

PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"
# Of a page that does not exist yet.
_TITLE = "# Performance\n"


class _Section(Protocol):
    def lines(self, report: Report) -> Iterable[str]: ...


def read_reports() -> dict[str, Report]:
    """Return the results of all suites that have any, in the order of the page."""
    return {suite: read_report(results_of(suite)) for suite in SUITES if results_of(suite).exists()}


def render(page: str, reports: Mapping[str, Report]) -> str:
    """Return `page` with the section of each report in place of the one before.

    One that is new comes after the suite before it. Reports of all suites belong here, since the
    header names them all.
    """
    title, _, rest = page.partition("\n")
    page = title + "\n" + _replace(rest, "header", _header(reports), after="")
    above = _marks("header")[1]
    for suite, report in reports.items():
        section = cast("_Section", import_module(f"benchmarks.{suite}_page"))
        page = _replace(page, suite, section.lines(report), after=above)
        above = _marks(suite)[1]
    return page


def write_page() -> None:
    """Render the page and its plots from the results that there are."""
    reports = read_reports()
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _TITLE
    PAGE.write_text(render(page, reports), encoding="utf-8")
    for suite, report in reports.items():
        if find_spec(f"benchmarks.{suite}_plots"):
            from benchmarks.drawing import save_plots  # noqa: PLC0415 - needs matplotlib

            save_plots(PLOTS, suite, report)


def images_of(page: str, folder: Path = PAGE.parent) -> list[Path]:
    """Return the files of the pictures that the page shows."""
    shown = [part.partition("](")[2].partition(")")[0] for part in page.split("![")[1:]]
    return [folder / name for name in shown]


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: written by make bench -->", f"<!-- {name}: end -->"


def _replace(page: str, name: str, lines: Iterable[str], *, after: str) -> str:
    begin, end = _marks(name)
    section = "\n".join([begin, "", *lines, "", end])
    before, found, rest = page.partition(begin)
    if found:
        return before + section + rest.partition(end)[2]
    if not after:
        return f"\n{section}\n{page}"
    before, found, rest = page.partition(after)
    return f"{before}{found}\n\n{section}{rest}"


def _header(reports: Mapping[str, Report]) -> Iterator[str]:
    yield (
        "`make bench` measures all of this and writes this page, `make bench SUITE=name` one part "
        "of it. What was measured is in `benchmarks/<suite>.json`, and the page is made of nothing "
        "else (`make bench-page` makes it again)."
    )
    yield ""
    yield (
        "How to read it. A figure is the median of its runs, with the quartiles in brackets. What "
        "is compared was measured in turns in one run, A B A B …, so that both see the machine in "
        "all its moods. A ratio is ours divided by theirs of the same turn, and the median of "
        "those quotients: below 1 is less time, or memory, for us. Milliseconds differ from "
        "machine to machine, ratios much less. Peers are installed for the benchmark only, at the "
        "versions that are named."
    )
    yield ""
    yield (
        "Two runs agree on a figure when the quartiles of both overlap, or the medians differ by "
        "less than 2 %. Ratios are what has to agree: all else has the speed of the machine in "
        "it, and a virtual one's changes within minutes. `make bench` keeps the results that it "
        "replaces and writes down how the new ones agree with them; "
        "`make bench-compare SUITE=name` names every figure that moved."
    )
    yield ""
    yield "| suite | measured on | Python | load average (1 or so is the benchmark itself) |"
    yield "|---|---|---|---|"
    for suite, report in reports.items():
        machine = report["machine"]
        yield (
            f"| {suite} | {machine.get('date', 'not noted')}, {machine['processor']}; "
            f"{machine['cores']} cores, {machine['memory_gb']} GB | {machine['python']} | "
            f"{describe_load(report)} |"
        )
    yield ""
    for suite, report in reports.items():
        if agreement := report.get("agreement"):
            yield f"- *{suite}*, with the run before it: {agreement['said']}."
            yield from (f"  - {move}" for move in agreement["moved_ratios"])
