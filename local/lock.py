"""Pin every package that the requirements bring along, and the hashes of what ships: `make lock`.

What is pinned stays pinned, and only what is new or changed is resolved; with `--upgrade`
everything that the requirements leave open is resolved anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from local.commands import run
from local.install import included
from local.supply_chain.hashes import write_locks
from local.supply_chain.locks import read_pins
from local.terminal import CannotContinueError, say, step

ROOT = Path(__file__).resolve().parents[1]
_CONSTRAINTS = ROOT / "constraints.txt"
_REQUIREMENTS = ROOT / "requirements-dev.txt"
_HEADER = "# Written by `make lock` from requirements-dev.txt; do not edit.\n"


def main() -> None:
    """Resolve the requirements as if nothing were installed, and write what comes out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="resolve everything anew")
    upgrade = parser.parse_args().upgrade
    try:
        packages = _resolve(keep={} if upgrade else _kept())
        # A local version such as `+cpu` names one build of the same release.
        pins = sorted(
            f"{package['name'].lower().replace('_', '-')}=={package['version'].partition('+')[0]}\n"
            for package in packages
        )
        _CONSTRAINTS.write_text(_HEADER + "".join(pins))
        with step("Hashes of what ships"):
            write_locks(packages)
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


def _kept() -> dict[str, str]:
    """Return what is pinned but is not named by the requirements, which may have changed."""
    named = {name for file in (_REQUIREMENTS, *included(_REQUIREMENTS)) for name in read_pins(file)}
    return {name: version for name, version in read_pins(_CONSTRAINTS).items() if name not in named}


def _resolve(keep: dict[str, str]) -> list[dict[str, str]]:
    report = ROOT / ".local" / "lock.json"
    kept = report.with_suffix(".kept.txt")
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("".join(f"{name}=={version}\n" for name, version in keep.items()))
    with step("Resolving requirements-dev.txt"):
        run(
            [
                *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
                *("--report", str(report), "--requirement", "requirements-dev.txt"),
                *("--constraint", str(kept)),
            ],
            log=report.with_suffix(".log"),
            directory=ROOT,
        )
    return [package["metadata"] for package in json.loads(report.read_text())["install"]]


if __name__ == "__main__":
    main()
