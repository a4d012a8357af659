"""What an image is built from, as docker, podman and buildah all take it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.commands import run
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PLATFORM = "linux/amd64"
TMP_BYTES = "536870912"
"""Lambda's /tmp, unless a function asks for more."""


@dataclass(frozen=True)
class Recipe:
    """What an image is built from; `contexts` are folders that stages of a name are taken from."""

    tag: str
    dockerfile: Path
    context: Path
    arguments: Mapping[str, str]
    contexts: Mapping[str, Path]


def build(command: Sequence[str], recipe: Recipe, log: Path) -> None:
    """Build an image with `command`, as `docker build` is one.

    Raises:
        CannotContinueError: it cannot be built; with the end of the log.

    """
    arguments = [f"{name}={value}" for name, value in recipe.arguments.items()]
    contexts = [f"{name}={folder}" for name, folder in recipe.contexts.items()]
    run(
        [
            *(*command, "--platform", PLATFORM, "--tag", recipe.tag),
            *("--file", str(recipe.dockerfile)),
            *(word for argument in arguments for word in ("--build-arg", argument)),
            *(word for context in contexts for word in ("--build-context", context)),
            str(recipe.context),
        ],
        log=log,
        directory=recipe.context,
    )


def ask(command: Sequence[str]) -> str:
    """Return what a command prints.

    Raises:
        CannotContinueError: it fails; with what it says.

    """
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if asked.returncode != 0:
        message = f"`{' '.join(command[:3])} …` ended with {asked.returncode}:\n\n{asked.stderr}"
        raise CannotContinueError(message)
    return asked.stdout.strip()
