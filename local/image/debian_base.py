"""A base like AWS's, made on this machine: Debian with its Python, and Lambda's runtime client.

AWS's has Python 3.13 on Amazon Linux 2023. This one has 3.11 on Debian 12: the wheels are other
files of the same releases, the entry point is the same package.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from local.commands import run
from local.image.recipes import Recipe
from local.image.wheels import target_options
from local.stamps import content_stamp, is_current, write_stamp
from local.supply_chain.locks import BASE, check_fresh, pip_options
from local.terminal import CannotContinueError, skip, step

if TYPE_CHECKING:
    from local.image.builders import Builder

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = ROOT / "build" / "image" / "debian"
TAG = "localhost/cv-location-classifier/lambda-debian:latest"
PYTHON = "3.11"
_SUITE = "bookworm"
_PACKAGES = "ca-certificates,python-is-python3,python3,python3-pip"
_DOCKERFILE = ROOT / "local" / "image" / "base.Dockerfile"
# What nothing at run time reads.
_UNNEEDED = (
    *("usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man"),
    *("var/cache/apt", "var/lib/apt/lists"),
)
_TITLE = "Base image on Debian, in place of AWS's"


def build_debian_base(builder: Builder) -> str:
    """Build the base, unless its context is still good, and return its tag.

    Raises:
        CannotContinueError: debootstrap is missing or fails.

    """
    check_fresh(BASE)
    stamp = content_stamp(
        [BASE.path, _DOCKERFILE, Path(__file__)], also=[builder.name, sys.version]
    )
    stamp_file = CONTEXT.with_suffix(".stamp")
    if is_current(stamp_file, stamp) and _is_there(builder):
        skip(_TITLE)
        return TAG
    log = ROOT / ".local" / "image-base.log"
    with step(_TITLE, log):
        _check_tools()
        shutil.rmtree(CONTEXT, ignore_errors=True)
        _make_root(log)
        _install_runtime(log)
        builder.build(Recipe(TAG, _DOCKERFILE, CONTEXT, {}, {}), log)
        # Everything of it is in the builder's storage now.
        shutil.rmtree(CONTEXT)
    write_stamp(stamp_file, stamp)
    return TAG


def _is_there(builder: Builder) -> bool:
    try:
        builder.config(TAG)
    except CannotContinueError:
        return False
    return True


def _check_tools() -> None:
    if shutil.which("debootstrap") is None:
        message = (
            "AWS's base image cannot be fetched here, and debootstrap, which makes one like it, is"
            " missing.\nOn Debian and Ubuntu: apt-get install debootstrap.\n"
            "Or name a base that is here: make image BASE=name"
        )
        raise CannotContinueError(message)
    if os.geteuid() != 0:
        message = "debootstrap has to be root: make the base as root, or make image BASE=name"
        raise CannotContinueError(message)


def _make_root(log: Path) -> None:
    root = CONTEXT / "rootfs"
    root.mkdir(parents=True)
    run(
        ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _SUITE, root],
        log=log,
        directory=ROOT,
    )
    for name in _UNNEEDED:
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "var" / "task").mkdir()
    run(
        ["tar", "--directory", root, "--create", "--file", CONTEXT / "rootfs.tar", "."],
        log=log,
        directory=ROOT,
    )
    shutil.rmtree(root)


def _install_runtime(log: Path) -> None:
    run(
        [
            *(sys.executable, "-m", "pip", "install", "--disable-pip-version-check"),
            *("--no-compile", "--target", str(CONTEXT / "runtime"), *target_options(PYTHON)),
            *pip_options([BASE]),
        ],
        log=log,
        directory=ROOT,
    )
