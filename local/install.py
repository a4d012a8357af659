"""Install what the project needs into the checkout: `python3.11 -m local.install [--dev]`.

Runs under the machine's own Python, before anything is installed: standard library only.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from local.commands import run
from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import CannotContinueError, say, skip, step

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOGS = ROOT / ".local"
REACT_EXAMPLE = ROOT / "examples" / "react"
WEB = ROOT / "web"

OLDEST_PYTHON = (3, 11)
# The pinned packages have been tried with these; a newer Python may find no wheels.
NEWEST_PYTHON = (3, 13)
OLDEST_NODE = 20

_DEVELOPMENT = "requirements-dev.txt"
_CONSTRAINTS = "constraints.txt"


def main() -> None:
    """Bring the virtual environment and the CDK CLI up to date; do nothing where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--dev", action="store_true", help="also what tests, lint and training need"
    )
    development = parser.parse_args().dev
    try:
        _check_python()
        _check_node()
        _install_packages(_DEVELOPMENT if development else "requirements.txt")
        install_node_packages("CDK command line tool, Swagger UI", ROOT)
        if development:
            install_node_packages("Packages of the example in React", REACT_EXAMPLE)
            install_node_packages("Packages of the page", WEB)
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


def _check_python() -> None:
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        message = (
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is not one that the pinned "
            f"packages support: install Python 3.11, or name it: make PYTHON=/path/to/python3.11"
        )
        raise CannotContinueError(message)


def _check_node() -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        message = f"{'npm' if node else 'node'} is missing: install Node.js {OLDEST_NODE} or newer."
        raise CannotContinueError(message)
    version = subprocess.run(  # noqa: S603 - the path that `which` found
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    major = version.removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        message = (
            f"Node.js {version or '(unknown)'} is too old: install version {OLDEST_NODE} or newer."
        )
        raise CannotContinueError(message)


def _install_packages(requirements: str) -> None:
    title = f"Python packages of {requirements}"
    # What is installed for development covers what is needed to run.
    if any(_is_installed(name) for name in {requirements, _DEVELOPMENT}):
        skip(title)
        return
    if not _venv_works():
        with step("Virtual environment in .venv"):
            _create_venv()
    log = LOGS / "pip.log"
    with step(f"{title} (PyTorch is large)", log):
        run(
            [
                *(VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check"),
                *("--requirement", ROOT / requirements, "--constraint", ROOT / _CONSTRAINTS),
            ],
            log=log,
            directory=ROOT,
        )
    write_stamp(_stamp_file(requirements), _stamp(requirements))


def _is_installed(requirements: str) -> bool:
    return VENV_PYTHON.exists() and is_current(_stamp_file(requirements), _stamp(requirements))


def _stamp_file(requirements: str) -> Path:
    return VENV / f".{requirements}.stamp"


def _stamp(requirements: str) -> str:
    files = [ROOT / requirements, ROOT / _CONSTRAINTS, *included(ROOT / requirements)]
    return content_stamp(files, also=[sys.version])


def included(requirements: Path) -> list[Path]:
    """Return the files that a requirements file takes in with `-r`, and those that they do."""
    named = [
        requirements.parent / line.removeprefix("-r ").strip()
        for line in requirements.read_text().splitlines()
        if line.startswith("-r ")
    ]
    return [file for path in named for file in (path, *included(path))]


def _venv_works() -> bool:
    """Tell whether `.venv` is whole; a half-made one, or one whose Python is gone, is not."""
    return (
        VENV_PYTHON.exists()
        and subprocess.run(  # noqa: S603 - our own interpreter
            [str(VENV_PYTHON), "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode
        == 0
    )


def _create_venv() -> None:
    try:
        run([sys.executable, "-m", "venv", "--clear", VENV], log=LOGS / "venv.log", directory=ROOT)
    except CannotContinueError as error:
        message = f"{error}\n\nOn Debian and Ubuntu: apt-get install python3-venv"
        raise CannotContinueError(message) from error


def install_node_packages(title: str, folder: Path) -> None:
    """Install what a folder's `package-lock.json` names, unless it was installed from this one.

    Raises `CannotContinueError` when npm fails.
    """
    modules = folder / "node_modules"
    stamp = content_stamp([folder / "package.json", folder / "package-lock.json"])
    if (modules / ".bin").exists() and is_current(modules / ".stamp", stamp):
        skip(title)
        return
    with step(title):
        run(["npm", "ci", "--no-fund", "--no-audit"], log=LOGS / "npm.log", directory=folder)
        write_stamp(modules / ".stamp", stamp)


if __name__ == "__main__":
    main()
