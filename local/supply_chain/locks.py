"""The lock files: which packages, at which versions, with which hashes.

A lock lies beside the requirements that it pins and ends in `.lock`: pip's own format, with
`--hash` for every file of a release, so that pip refuses whatever differs. It names every package
that is installed, so that pip resolves nothing (`--no-deps`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).resolve().parents[2]
_PREDICT = ROOT / "functions" / "predict"


@dataclass(frozen=True)
class Lock:
    """A lock file and the requirements that it is made from.

    `closed` requirements name every package themselves; those of others are followed to what they
    bring along, less what is in the locks `beside` this one. PyTorch has a lock of its own.
    """

    requirements: Path
    closed: bool = True
    beside: tuple[Lock, ...] = ()
    torch: bool = False

    @property
    def path(self) -> Path:
        """Where the lock lies."""
        ending = "-torch.lock" if self.torch else ".lock"
        return self.requirements.with_name(f"{self.requirements.stem}{ending}")

    def covers(self, name: str) -> bool:
        """Tell whether the package of this canonical name belongs here."""
        return (name == "torch") == self.torch


SHARED = Lock(ROOT / "shared_layer" / "requirements.txt")
ACCOUNT = Lock(ROOT / "functions" / "account" / "requirements.txt")
DESCRIBE = Lock(ROOT / "functions" / "describe" / "requirements.txt")
RECOMMEND = Lock(ROOT / "functions" / "recommend" / "requirements.txt")
PREDICT = Lock(_PREDICT / "requirements.txt")
# The build for CPUs comes from PyTorch's own index, where its files have other hashes.
TORCH = Lock(_PREDICT / "requirements.txt", torch=True)
CLIP = Lock(_PREDICT / "requirements-clip.txt", closed=False, beside=(SHARED, PREDICT))
EAGER = Lock(_PREDICT / "requirements-eager.txt", closed=False, beside=(SHARED, PREDICT))
BASE = Lock(ROOT / "local" / "image" / "base-requirements.txt", closed=False)

FROM_PYPI = (SHARED, ACCOUNT, DESCRIBE, RECOMMEND, PREDICT, CLIP, EAGER, BASE)
"""The locks of what PyPI has; that of PyTorch is apart."""

SHIPPED: Mapping[str, tuple[Lock, ...]] = {
    "shared-layer": (SHARED,),
    "account-layer": (ACCOUNT,),
    "describe-layer": (DESCRIBE,),
    "recommend-layer": (RECOMMEND,),
    "predict-image": (SHARED, PREDICT, TORCH),
}
"""The Python packages in each artefact that is deployed, by the artefact's name."""


def read_pins(lock: Path) -> dict[str, str]:
    """Return the version of each package in a lock or in requirements, by its canonical name."""
    if not lock.is_file():
        message = f"{lock} is missing: make lock"
        raise CannotContinueError(message)
    pins: dict[str, str] = {}
    for line in _joined(lock):
        requirement = Requirement(line.partition(" --hash")[0])
        (version,) = [spec.version for spec in requirement.specifier if spec.operator == "=="]
        pins[canonicalize_name(requirement.name)] = version
    return pins


def read_hashes(lock: Path) -> dict[str, frozenset[str]]:
    """Return the SHA-256 digests that a lock allows for each package, in hexadecimal."""
    return {
        canonicalize_name(Requirement(line.partition(" --hash")[0]).name): frozenset(
            re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
        )
        for line in _joined(lock)
    }


def check_fresh(lock: Lock) -> None:
    """Refuse to build from a lock that says something else than its requirements.

    Raises:
        CannotContinueError: a requirement was changed since `make lock`.

    """
    locked = read_pins(lock.path)
    asked = {
        name: version for name, version in read_pins(lock.requirements).items() if lock.covers(name)
    }
    if any(locked.get(name) != version for name, version in asked.items()) or (
        lock.closed and set(locked) != set(asked)
    ):
        message = f"{lock.path.name} is not that of {lock.requirements}: make lock"
        raise CannotContinueError(message)


def pip_options(locks: Iterable[Lock]) -> list[str]:
    """Return pip's options for installing these locks, and nothing that they do not name."""
    words = [word for lock in locks for word in ("--requirement", str(lock.path))]
    return ["--no-deps", "--require-hashes", *words]


def _joined(lock: Path) -> list[str]:
    """Return the lines that name a package, each with its hashes."""
    text = re.sub(r"\\\n\s*", "", lock.read_text())
    lines = [line.split(" #", 1)[0].strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-"))]
