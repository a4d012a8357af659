"""Build the Lambda layer that the zip functions share: `python -m local.layers [--aws]`.

The same sources twice: for this interpreter (`build/layers/shared`, used by the local cloud) and
for Lambda's (`build/layers/shared-aws`: Python 3.13 on arm64, from wheels alone, so that it can be
built anywhere). The requirements name every package, so that pip resolves nothing and the two hold
the same.
"""

from __future__ import annotations

import argparse
import compileall
import py_compile
import shutil
import sys
from pathlib import Path

from local.commands import run
from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import CannotContinueError, say, skip, step

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "shared_layer" / "python"
REQUIREMENTS = ROOT / "shared_layer" / "requirements.txt"
BUILD = ROOT / "build" / "layers"

# Lambda's python3.13 runs on Amazon Linux 2023, whose glibc is 2.34.
_LAMBDA_WHEELS = (
    *("--implementation", "cp", "--python-version", "3.13", "--only-binary=:all:"),
    *("--platform", "manylinux2014_aarch64"),
    *("--platform", "manylinux_2_17_aarch64"),
    *("--platform", "manylinux_2_28_aarch64"),
)


def build_layer(name: str, *, wheels: tuple[str, ...], compile_sources: bool) -> None:
    """Build `build/layers/<name>/python` anew, unless it was built from these very sources."""
    title = f"Shared layer ({name})"
    stamp = content_stamp(
        [SOURCES, REQUIREMENTS, Path(__file__)],
        also=[sys.version, *wheels],
    )
    target, stamp_file = BUILD / name, BUILD / f"{name}.stamp"
    if target.is_dir() and is_current(stamp_file, stamp):
        skip(title)
        return
    with step(title):
        stamp_file.unlink(missing_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        run(
            [
                *(sys.executable, "-m", "pip", "install", "--disable-pip-version-check"),
                *("--no-deps", "--no-compile", "--target", str(target / "python")),
                *(*wheels, "--requirement", str(REQUIREMENTS)),
            ],
            log=ROOT / ".local" / f"layer-{name}.log",
            directory=ROOT,
        )
        shutil.rmtree(target / "python" / "bin", ignore_errors=True)
        shutil.copytree(
            SOURCES,
            target / "python",
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        if compile_sources:
            # By hash, not by date: unpacking the layer sets new dates.
            compileall.compile_dir(
                target / "python",
                quiet=2,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        write_stamp(stamp_file, stamp)


def build_local_layer() -> None:
    """Build the layer for this interpreter."""
    build_layer("shared", wheels=(), compile_sources=True)


def build_aws_layer() -> None:
    """Build the layer for Lambda."""
    build_layer("shared-aws", wheels=_LAMBDA_WHEELS, compile_sources=False)


def main() -> None:
    """Build the local layer and, when asked, the one for AWS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aws", action="store_true", help="also for Lambda")
    for_aws = parser.parse_args().aws
    try:
        build_local_layer()
        if for_aws:
            build_aws_layer()
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
