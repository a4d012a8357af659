"""Writing the lock files: which packages, and the hashes of every file of their releases.

Hashes of what comes from PyPI are asked for with uv, as the index states them. They are of all
files of a release, so that the same lock holds on arm64 and x86_64 and for each Python. The index
itself is not written down.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.supply_chain.locks import FROM_PYPI, TORCH, read_hashes, read_pins
from local.terminal import CannotContinueError, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.supply_chain.locks import Lock

PYTORCH_INDEX = "https://download.pytorch.org/whl/cpu"
# The image's Python: AWS's base, and the base on Debian that stands in for it.
_TORCH_WHEEL = (
    r"torch-{version}(?:\+|%2B)cpu-cp(?:311|313)-cp(?:311|313)-manylinux_2_28_x86_64\.whl"
)
_TIMEOUT_SECONDS = 20.0

HEADER = "# Written by `make lock` from {requirements}; do not edit.\n"
TORCH_HEADER = f"""{HEADER}\
# PyTorch for CPUs on x86_64, Python 3.11 and 3.13, as PyTorch's own index has it; PyPI's builds are
# others and are not allowed here.
"""


def write_locks(packages: Iterable[Mapping[str, Any]]) -> None:
    """Write every lock; `packages` are the metadata of all packages that requirements bring along.

    Raises:
        CannotContinueError: hashes cannot be had.

    """
    by_name: dict[str, Mapping[str, Any]] = {
        canonicalize_name(package["name"]): package for package in packages
    }
    for lock in FROM_PYPI:
        pins = {name: _release(by_name[name]) for name in names_in(lock, by_name)}
        header = HEADER.format(requirements=lock.requirements.name)
        lock.path.write_text(header + _ask_for_hashes(pins))
    write_torch_lock(read_pins(TORCH.requirements)["torch"])


def names_in(lock: Lock, packages: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the canonical names that belong in a lock, sorted."""
    names = set(read_pins(lock.requirements))
    if not lock.closed:
        names = _closure(names, packages)
    for other in lock.beside:
        names -= set(read_pins(other.requirements))
    return sorted(name for name in names if lock.covers(name))


def _closure(names: set[str], packages: Mapping[str, Mapping[str, Any]]) -> set[str]:
    found: set[str] = set()
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in packages[name].get("requires_dist", ()):
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return found


def _release(package: Mapping[str, Any]) -> str:
    # A local version such as `+cpu` names one build of the same release.
    return str(package["version"]).partition("+")[0]


def _ask_for_hashes(pins: Mapping[str, str]) -> str:
    environment = dict(os.environ)
    if index := environment.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", index)
    if certificates := environment.get("PIP_CERT"):
        environment.setdefault("SSL_CERT_FILE", certificates)
    asked = subprocess.run(  # noqa: S603 - ours
        [
            *(
                Path(sys.executable).with_name("uv"),
                "pip",
                "compile",
                "-",
                "--quiet",
                "--no-config",
            ),
            *("--no-deps", "--generate-hashes", "--no-header", "--no-annotate"),
        ],
        input="".join(f"{name}=={version}\n" for name, version in pins.items()),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        message = f"hashes cannot be had:\n\n{asked.stderr}"
        raise CannotContinueError(message)
    return asked.stdout


def write_torch_lock(version: str, transport: httpx.BaseTransport | None = None) -> None:
    """Write the hashes of PyTorch's wheels for CPUs; keep those there are where it cannot be asked.

    Raises:
        CannotContinueError: it cannot be asked, and what is there is of another version.

    """
    try:
        with httpx.Client(transport=transport, timeout=_TIMEOUT_SECONDS) as client:
            page = client.get(f"{PYTORCH_INDEX}/torch/", follow_redirects=True)
            page.raise_for_status()
    except httpx.HTTPError as error:
        if TORCH.path.is_file() and read_pins(TORCH.path) == {"torch": version}:
            kept = len(read_hashes(TORCH.path)["torch"])
            say(f"  - PyTorch's index cannot be asked here: its {kept} hashes stay as they are")
            return
        message = f"PyTorch's index cannot be asked for torch {version} ({error}): lock elsewhere"
        raise CannotContinueError(message) from error
    wheel = _TORCH_WHEEL.format(version=re.escape(version))
    found = sorted(set(re.findall(rf"{wheel}#sha256=([0-9a-f]{{64}})", page.text)))
    if not found:
        message = f"PyTorch's index has no torch {version} for CPUs"
        raise CannotContinueError(message)
    lines = [f"torch=={version}", *(f"    --hash=sha256:{digest}" for digest in found)]
    header = TORCH_HEADER.format(requirements=TORCH.requirements.name)
    TORCH.path.write_text(header + " \\\n".join(lines) + "\n")
