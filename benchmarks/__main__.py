"""Run suites, each in a process of its own, and write the page: `python -m benchmarks [SUITE …]`.

Options that are not known here go to the suite, where one is named.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys

from benchmarks.compare import Agreement
from benchmarks.page import write_page
from benchmarks.reports import BEFORE, ROOT, read_report, results_of, write_report
from benchmarks.suites import SUITES


def main() -> int:
    """Return 1 when a suite fails; the others run all the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}")
    parser.add_argument("--page-only", action="store_true", help="measure nothing")
    wanted, options = parser.parse_known_args()
    suites = wanted.suites or list(SUITES)
    if unknown := sorted(set(suites) - set(SUITES)):
        parser.error(f"no such suite: {', '.join(unknown)} (there are {', '.join(SUITES)})")
    if options and len(suites) != 1:
        parser.error(f"name the one suite that {' '.join(options)} is for")
    failed = [] if wanted.page_only else [name for name in suites if not _measure(name, options)]
    write_page()
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    return int(bool(failed))


def _measure(suite: str, options: list[str]) -> bool:
    sys.stderr.write(f"== {suite}\n")
    results = results_of(suite)
    if results.exists():
        BEFORE.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(results, results_of(suite, BEFORE))
    command = [sys.executable, "-m", f"benchmarks.{suite}", "--out", str(results), *options]
    measured = subprocess.run(command, cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own
    if measured and results_of(suite, BEFORE).exists():
        note_agreement(suite)
    return measured


def note_agreement(suite: str) -> None:
    """Write into the results of a suite how they agree with those before them."""
    before, after = read_report(results_of(suite, BEFORE)), read_report(results_of(suite))
    agreement = Agreement.of(before, after)
    noted = {
        "run_before": before["machine"].get("date"),
        "said": str(agreement),
        "moved_ratios": [str(move) for move in agreement.moved_ratios],
    }
    write_report(results_of(suite), {**after, "agreement": noted})


if __name__ == "__main__":
    sys.exit(main())
