"""The packages of the image as wheels, fetched by this machine's pip.

A build sees nothing of how pip is set up here: its indexes, mirrors and folders. Where the base is
made here (`debian_base`), the build takes its packages from the folder that this fills.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from local.commands import run
from local.stamps import content_stamp, is_current, write_stamp
from local.supply_chain.locks import (
    CLIP,
    EAGER,
    PREDICT,
    SHARED,
    TORCH,
    check_fresh,
    pip_options,
)
from local.terminal import skip, step

ROOT = Path(__file__).resolve().parents[2]
WHEELHOUSE = ROOT / "build" / "image" / "wheelhouse"
_LOCKS = (SHARED, PREDICT, TORCH, CLIP, EAGER)
# Those of glibc 2.36, which Debian 12 has; every wheel needs less.
_PLATFORMS = ("manylinux2014", "manylinux_2_17", "manylinux_2_27", "manylinux_2_28")


def fetch_wheels(python: str) -> Path:
    """Fill the folder with wheels for that Python (`3.11`) on x86_64, and return it.

    Raises:
        CannotContinueError: a package cannot be had, or is not the one that was locked.

    """
    for lock in _LOCKS:
        check_fresh(lock)
    title = f"Packages of predict for Python {python}"
    stamp = content_stamp([lock.path for lock in _LOCKS], also=[python])
    stamp_file = WHEELHOUSE.with_suffix(".stamp")
    if is_current(stamp_file, stamp):
        skip(title)
        return WHEELHOUSE
    log = ROOT / ".local" / "image-wheels.log"
    with step(f"{title} (PyTorch is large)", log):
        shutil.rmtree(WHEELHOUSE, ignore_errors=True)
        run(
            [
                *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check"),
                *("--dest", str(WHEELHOUSE), *target_options(python), *pip_options(_LOCKS)),
            ],
            log=log,
            directory=ROOT,
        )
        write_stamp(stamp_file, stamp)
    return WHEELHOUSE


def target_options(python: str) -> list[str]:
    """Return pip's options for wheels of that Python on x86_64, whatever runs pip."""
    platforms = [word for name in _PLATFORMS for word in ("--platform", f"{name}_x86_64")]
    return ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *platforms]
