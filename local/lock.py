"""Pin in constraints.txt every package that the requirements bring along: `make lock`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from local.commands import run
from local.terminal import step

ROOT = Path(__file__).resolve().parents[1]
_HEADER = "# Written by `make lock` from requirements-dev.txt; do not edit.\n"


def main() -> None:
    """Resolve the requirements as if nothing were installed, and write what comes out."""
    report = ROOT / ".local" / "lock.json"
    with step("Resolving requirements-dev.txt"):
        run(
            [
                *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
                *("--report", str(report), "--requirement", "requirements-dev.txt"),
            ],
            log=report.with_suffix(".log"),
            directory=ROOT,
        )
    packages = [package["metadata"] for package in json.loads(report.read_text())["install"]]
    # A local version such as `+cpu` names one build of the same release.
    pins = sorted(
        f"{package['name'].lower().replace('_', '-')}=={package['version'].partition('+')[0]}\n"
        for package in packages
    )
    (ROOT / "constraints.txt").write_text(_HEADER + "".join(pins))


if __name__ == "__main__":
    main()
