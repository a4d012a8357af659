"""The results of a suite: one JSON file each, read and written here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Report = dict[str, Any]

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
# Where the results of the run before the last are kept, to compare with.
BEFORE = ROOT / "build" / "benchmarks"


def results_of(suite: str, folder: Path = FOLDER) -> Path:
    """Return where the results of a suite are."""
    return folder / f"{suite}.json"


def read_report(path: Path) -> Report:
    """Read what a suite wrote."""
    report: Report = json.loads(path.read_text(encoding="utf-8"))
    return report


def write_report(path: Path, report: Report) -> None:
    """Write what a suite measured."""
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
