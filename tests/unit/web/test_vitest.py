"""The page's own unit tests, run with the others."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

WEB = Path(__file__).resolve().parents[3] / "web"


def test_what_the_page_reckons_and_shows_is_as_its_own_tests_want_it(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(  # noqa: S603 - ours
        ["npm", "test", "--", "--reporter=default", "--reporter=json", f"--outputFile={report}"],  # noqa: S607 - wherever Node is
        cwd=WEB,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counted = json.loads(report.read_text())
    # None is left out, and a run that found none would pass, too.
    assert counted["numPassedTests"] == counted["numTotalTests"] > 100
