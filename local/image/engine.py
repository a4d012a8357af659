"""docker and podman: an engine builds the image and runs it as a container."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from local.commands import runs
from local.image.recipes import PLATFORM, TMP_BYTES, Recipe, ask, build
from local.image.running import RunningFunction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# The compiled network is unpacked there and loaded, which wants `exec`.
_TMP = f"/tmp:rw,exec,size={TMP_BYTES}"  # noqa: S108 - the container's


class Engine:
    """docker, or podman, which takes the same commands."""

    def __init__(self, name: str) -> None:
        """Use the command of that name."""
        self.name = name

    def build(self, recipe: Recipe, log: Path) -> None:
        """See `Builder.build`."""
        build([self.name, "build"], recipe, log)

    def files(self, tag: str) -> Iterator[tuple[PurePosixPath, int]]:
        """See `Builder.files`."""
        container = ask([self.name, "create", "--platform", PLATFORM, tag])
        try:
            with subprocess.Popen(  # noqa: S603 - ours
                [self.name, "export", container], stdout=subprocess.PIPE
            ) as export:
                assert export.stdout is not None  # noqa: S101 - a pipe was asked for
                with tarfile.open(mode="r|", fileobj=export.stdout) as archive:
                    for member in archive:
                        if member.isfile():
                            yield PurePosixPath("/", member.name), member.size
        finally:
            ask([self.name, "rm", container])

    def config(self, tag: str) -> dict[str, Any]:
        """See `Builder.config`."""
        config: dict[str, Any] = json.loads(
            ask([self.name, "image", "inspect", "--format", "{{json .Config}}", tag])
        )
        return config

    @contextmanager
    def started(
        self, tag: str, environment: Mapping[str, str], log: Path
    ) -> Iterator[RunningFunction]:
        """See `Builder.started`; the network is the machine's, where the runtime API listens."""
        name = f"cv-location-classifier-trial-{os.getpid()}"
        command = [
            *(self.name, "run", "--rm", "--name", name, "--platform", PLATFORM),
            *("--network", "host", "--read-only", "--tmpfs", _TMP),
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *(word for pair in environment.items() for word in ("--env", "=".join(pair))),
            tag,
        ]

        def process_ids() -> list[int]:
            return [int(ask([self.name, "inspect", "--format", "{{.State.Pid}}", name]))]

        with RunningFunction(command, log=log, process_ids=process_ids) as function:
            try:
                yield function
            finally:
                runs([self.name, "kill", name])
