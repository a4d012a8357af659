"""What builds and runs container images here: docker, podman or buildah, whichever works."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Protocol

from local.commands import runs
from local.image.buildah import Buildah
from local.image.engine import Engine
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path, PurePosixPath

    from local.image.recipes import Recipe
    from local.image.running import RunningFunction


class Builder(Protocol):
    """Builds images, looks into them, and starts them."""

    name: str

    def build(self, recipe: Recipe, log: Path) -> None:
        """Build an image.

        Raises:
            CannotContinueError: it cannot be built; with the end of the log.

        """
        ...

    def files(self, tag: str) -> Iterator[tuple[PurePosixPath, int]]:
        """Yield path and size in bytes of every file of an image, as it is unpacked."""
        ...

    def config(self, tag: str) -> dict[str, Any]:
        """Return what the image says of itself: `User`, `Entrypoint`, `Cmd`, `Env`, and more."""
        ...

    def started(
        self, tag: str, environment: Mapping[str, str], log: Path
    ) -> AbstractContextManager[RunningFunction]:
        """Run an image's own entry point, with nothing to write to but /tmp."""
        ...


def find_builder(asked: str = "") -> Builder:
    """Return the first of docker, podman and buildah that works here, or the one asked for.

    Raises:
        CannotContinueError: there is none, or the one asked for does not work.

    """
    candidates: dict[str, list[tuple[list[str], Builder]]] = {
        "docker": [(["docker", "info"], Engine("docker"))],
        "podman": [(["podman", "info"], Engine("podman"))],
        # The usual storage wants a kernel and a file system that go along.
        "buildah": [
            (["buildah", *options, "info"], Buildah(options))
            for options in ([], ["--storage-driver", "vfs"])
        ],
    }
    if asked and asked not in candidates:
        message = f"IMAGE_BUILDER={asked} is none of {', '.join(candidates)}"
        raise CannotContinueError(message)
    for name in [asked] if asked else candidates:
        for check, builder in candidates[name]:
            # A client whose engine is not running is there, and of no use.
            if shutil.which(name) and runs(check):
                return builder
    message = (
        f"{asked} does not work here: `{asked} info` says why"
        if asked
        else "Nothing here builds container images: install docker or podman and start its engine,"
        " or buildah, which needs none (Debian and Ubuntu: apt-get install buildah)"
    )
    raise CannotContinueError(message)
