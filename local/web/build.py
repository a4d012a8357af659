"""Build the page of `web/` into `web/dist`, if anything of it changed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from local.commands import run
from local.install import LOGS, install_node_packages
from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import CannotContinueError, skip, step
from local.web.notices import write_notices

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
DIST = WEB / "dist"

# What Vite asks for. The rest of the project is content with any Node 20.
OLDEST_NODE = {20: 19, 22: 12}
_NEWEST_OF_THEM = max(OLDEST_NODE)
# What `web/` holds that the page is not made of.
_NOT_BUILT = {"browser", "dist", "node_modules"}
_STAMP = ROOT / "build" / "web.stamp"


def build_web() -> None:
    """Build the page, unless it was built from these very files.

    Raises `CannotContinueError` where Node is missing or too old, and where npm or Vite fail.
    """
    stamp = content_stamp([*_sources(), Path(__file__), Path(__file__).with_name("notices.py")])
    if DIST.is_dir() and is_current(_STAMP, stamp):
        skip("Page")
        return
    check_node(_node_version())
    install_node_packages("Packages of the page", WEB)
    log = LOGS / "web.log"
    with step("Page", log):
        _STAMP.unlink(missing_ok=True)
        run(["npm", "run", "build"], log=log, directory=WEB)
        write_notices(WEB, DIST)
        write_stamp(_STAMP, stamp)


def check_node(version: str) -> None:
    """Refuse a version of Node that cannot build the page; "" is none at all.

    Raises `CannotContinueError` saying which would do.
    """
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if found:
        major, minor = int(found[1]), int(found[2])
        if major > _NEWEST_OF_THEM or minor >= OLDEST_NODE.get(major, minor + 1):
            return
    wanted = " or ".join(f"{major}.{minor}" for major, minor in OLDEST_NODE.items())
    have = f"Node.js {version} cannot build it" if version else "Node.js is missing"
    message = f"The page needs Node.js {wanted} or newer, with npm: {have}."
    raise CannotContinueError(message)


def _node_version() -> str:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return ""
    return subprocess.run(  # noqa: S603 - the path that `which` found
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()


def _sources() -> list[Path]:
    return sorted(path for path in WEB.iterdir() if path.name not in _NOT_BUILT)
