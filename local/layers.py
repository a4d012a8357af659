"""Build the Lambda layers of the zip functions: `python -m local.layers [--aws]`.

Each layer twice: for this interpreter (`build/layers/<name>`) and for Lambda's
(`build/layers/<name>-aws`: Python 3.13 on arm64, from wheels alone, so that it can be built
anywhere). The locks name every package and its hashes, so that pip resolves nothing, takes nothing
that was changed since, and the two hold the same. The local cloud uses the shared layer alone: the
packages of `recommend` and `account` are in the interpreter that runs it, and their local build is
what tests import from.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from local import aws_models
from local.commands import run, runs
from local.docs_site import build_docs_site
from local.stamps import content_stamp, is_current, write_stamp
from local.supply_chain import locks
from local.supply_chain.locks import Lock, check_fresh, pip_options
from local.terminal import CannotContinueError, say, skip, step

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "layers"

# Lambda's python3.13 runs on Amazon Linux 2023, whose glibc is 2.34.
LAMBDA_PYTHON = (3, 13)
_LAMBDA_WHEELS = (
    *("--implementation", "cp", "--python-version", "3.13", "--only-binary=:all:"),
    *("--platform", "manylinux2014_aarch64"),
    *("--platform", "manylinux_2_17_aarch64"),
    *("--platform", "manylinux_2_28_aarch64"),
)


@dataclass(frozen=True)
class Layer:
    """What a layer is made of: pinned packages, and sources of ours beside them."""

    name: str
    title: str
    lock: Lock
    sources: Path | None = None
    aws_models: bool = False
    """Whether it has cut descriptions of AWS's services beside the sources, see there."""

    @property
    def inputs(self) -> list[Path]:
        """What decides whether a build is still good."""
        inputs = [self.lock.path, Path(__file__), *filter(None, [self.sources])]
        return [*inputs, *aws_models.INPUTS] if self.aws_models else inputs


SHARED = Layer(
    "shared", "Shared layer", locks.SHARED, ROOT / "shared_layer" / "python", aws_models=True
)
DESCRIBE = Layer("describe", "Packages of describe", locks.DESCRIBE)
RECOMMEND = Layer("recommend", "Packages of recommend", locks.RECOMMEND)
ACCOUNT = Layer("account", "Packages of account", locks.ACCOUNT)


def build_for_here(layer: Layer) -> None:
    """Build `layer` for this interpreter, unless it was built from these very inputs."""
    stamp = content_stamp(layer.inputs, also=[sys.version])
    _build(layer, layer.name, wheels=(), compiler=Path(sys.executable), stamp=stamp)


def build_for_lambda(layer: Layer) -> None:
    """Build `layer` for Lambda, unless it was built from these very inputs."""
    compiler = find_lambda_python()
    stamp = content_stamp(layer.inputs, also=[*_LAMBDA_WHEELS, f"compiled: {compiler is not None}"])
    _build(layer, f"{layer.name}-aws", wheels=_LAMBDA_WHEELS, compiler=compiler, stamp=stamp)


def report_of(folder: str) -> Path:
    """Return where pip's report of a build lies: which files it installed, and their hashes."""
    return BUILD / f"{folder}.report.json"


def find_lambda_python() -> Path | None:
    """Return an interpreter that writes the bytecode that Lambda reads, if there is one here.

    Lambda mounts layers read-only: without bytecode every cold start compiles them anew, which
    took `account` 0.25 s and `recommend` 0.6 s.
    """
    if sys.version_info[:2] == LAMBDA_PYTHON:
        return Path(sys.executable)
    found = shutil.which("python{}.{}".format(*LAMBDA_PYTHON))
    # A version manager leaves commands on the path that only say what is not chosen.
    return Path(found) if found and runs([found, "--version"]) else None


def _build(
    layer: Layer, folder: str, *, wheels: tuple[str, ...], compiler: Path | None, stamp: str
) -> None:
    title = f"{layer.title} ({folder})"
    check_fresh(layer.lock)
    target, stamp_file = BUILD / folder, BUILD / f"{folder}.stamp"
    if target.is_dir() and is_current(stamp_file, stamp):
        skip(title)
        return
    log = ROOT / ".local" / f"layer-{folder}.log"
    with step(title, log):
        stamp_file.unlink(missing_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        BUILD.mkdir(parents=True, exist_ok=True)
        run(
            [
                *(sys.executable, "-m", "pip", "install", "--disable-pip-version-check"),
                *("--no-compile", "--target", str(target / "python"), *wheels),
                *("--report", str(report_of(folder)), *pip_options([layer.lock])),
            ],
            log=log,
            directory=ROOT,
        )
        shutil.rmtree(target / "python" / "bin", ignore_errors=True)
        if layer.sources is not None:
            shutil.copytree(
                layer.sources,
                target / "python",
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        if layer.aws_models:
            aws_models.write_aws_models(target / "python" / "aws_models")
        if compiler is not None:
            _compile(target / "python", compiler)
        write_stamp(stamp_file, stamp)
    if compiler is None:
        say("    without bytecode (no python3.13 here): cold starts take 0.3 to 0.6 s longer")


def _compile(folder: Path, compiler: Path) -> None:
    run(
        [
            *(compiler, "-m", "compileall", "-qq", "-j", "0"),
            # By hash, not by date: unpacking the layer sets new dates. With Lambda's paths, not
            # this machine's, for errors to name and for the same build everywhere.
            *("--invalidation-mode", "unchecked-hash", "-s", folder, "-p", "/opt/python", folder),
        ],
        log=ROOT / ".local" / "layer-bytecode.log",
        directory=ROOT,
    )


def build_local_layer() -> None:
    """Build what the local cloud needs."""
    build_for_here(SHARED)


def main() -> None:
    """Build the local layer and, when asked, the ones for AWS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aws", action="store_true", help="also for Lambda, and what tests need")
    for_aws = parser.parse_args().aws
    try:
        build_local_layer()
        build_docs_site()
        if for_aws:
            build_for_lambda(SHARED)
            for layer in (ACCOUNT, DESCRIBE, RECOMMEND):
                build_for_here(layer)
                build_for_lambda(layer)
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
