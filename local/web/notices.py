"""`licences.txt` beside the page: what it is made of, and what its makers ask to be passed on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = "node_modules/"
# However a package writes the word, and in whatever case.
_NOTICES = ("licen", "notice", "copying")
_RULE = "\n\n" + "-" * 72 + "\n\n"


def shipped_packages(lock: Path) -> dict[str, dict[str, Any]]:
    """Return what a `package-lock.json` says of each package that the built page may contain.

    By the package's folder. What only builds and tests is marked in the lock.
    """
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text())["packages"]
    return {
        folder: package
        for folder, package in packages.items()
        if folder and not package.get("dev") and not package.get("devOptional")
    }


def name_of(folder: str) -> str:
    """Return the name of the package in a folder: one may lie within another's."""
    return folder.rpartition(_FOLDER)[2]


def write_notices(web: Path, dist: Path) -> None:
    """Write the licences of the installed packages of `web` into `dist`."""
    parts = []
    for folder, package in shipped_packages(web / "package-lock.json").items():
        texts = [
            file.read_text(errors="replace").strip()
            for file in sorted((web / folder).iterdir())
            if file.is_file() and file.name.lower().startswith(_NOTICES)
        ]
        title = f"{name_of(folder)} {package['version']}, {package.get('license', 'unnamed')}"
        parts.append("\n\n".join([title, *texts]))
    (dist / "licences.txt").write_text(_RULE.join(parts) + "\n")
