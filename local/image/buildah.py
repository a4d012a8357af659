"""buildah: it builds the image without any engine, and a sandbox of ours runs it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from local.image.recipes import TMP_BYTES, Recipe, ask, build
from local.image.running import RunningFunction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# In a mount namespace of its own: the image's root read-only, a /tmp of Lambda's size, then the
# entry point as the image's user, without groups or privileges. It takes this shell's place, so
# that it is the process that was started.
_SANDBOX = f"""
root=$1 directory=$2 user=$3 group=$4
shift 4
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs -o mode=1777,size={TMP_BYTES} tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec setpriv --clear-groups --no-new-privs \\
    unshare --root="$root" --wd="$directory" --setgid "$group" --setuid "$user" "$@"
"""


class Buildah:
    """buildah, which builds without any engine; what it built runs in a sandbox of our own."""

    name = "buildah"

    def __init__(self, options: Sequence[str] = ()) -> None:
        """Pass `options` before every command."""
        self._command = [self.name, *options]

    def build(self, recipe: Recipe, log: Path) -> None:
        """See `Builder.build`; steps run in a changed root, which needs no container runtime."""
        build([*self._command, "build", "--isolation", "chroot", "--layers"], recipe, log)

    def files(self, tag: str) -> Iterator[tuple[PurePosixPath, int]]:
        """See `Builder.files`."""
        with self._mounted(tag) as root:
            for folder, _, names in os.walk(root):
                for name in names:
                    file = Path(folder, name)
                    if not file.is_symlink() and file.is_file():
                        yield PurePosixPath("/", file.relative_to(root)), file.stat().st_size

    def config(self, tag: str) -> dict[str, Any]:
        """See `Builder.config`."""
        told = json.loads(ask([*self._command, "inspect", "--type", "image", tag]))
        config: dict[str, Any] = told["OCIv1"]["config"]
        return config

    @contextmanager
    def started(
        self, tag: str, environment: Mapping[str, str], log: Path
    ) -> Iterator[RunningFunction]:
        """See `Builder.started`."""
        config = self.config(tag)
        variables = dict(pair.split("=", 1) for pair in config.get("Env", []))
        user, _, group = config.get("User", "").partition(":")
        with self._mounted(tag) as root:
            command = [
                *("unshare", "--mount", "sh", "-euc", _SANDBOX, "sandbox", root),
                *(config.get("WorkingDir") or "/", user or "0", group or user or "0"),
                *config.get("Entrypoint", []),
                *config.get("Cmd", []),
            ]
            environment = {"PATH": os.environ["PATH"], **variables, **environment}
            with RunningFunction(command, log=log, environment=environment) as function:
                yield function

    @contextmanager
    def _mounted(self, tag: str) -> Iterator[Path]:
        container = ask([*self._command, "from", "--pull-never", tag])
        try:
            yield Path(ask([*self._command, "mount", container]))
        finally:
            ask([*self._command, "rm", container])
