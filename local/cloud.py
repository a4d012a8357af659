"""The emulated cloud (ministack): one process, started and stopped by this checkout alone."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local.commands import last_lines
from local.loopback import open_here
from local.process import KeptProcess, wait_until
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    import subprocess

HOST = "127.0.0.1"
REGION = "us-east-1"
ACCOUNT = "000000000000"

_EMULATOR = Path(__file__).with_name("emulator.py")
_SECRET_KEY = "local"  # noqa: S105 - opens nothing
# Every function's process unpacks the layer's thousand files anew: in memory, where there is room,
# that takes a sixth of the time, and removing them next to none.
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it gets a name of its own
_MEMORY_WANTED_BYTES = 2 * 1024**3
_START_SECONDS = 60.0


class LocalCloud:
    """One emulator with its state in `directory`."""

    def __init__(self, directory: Path, port: int) -> None:
        """Describe the cloud of `directory`; nothing is started yet."""
        self.directory = directory
        self.port = port
        self.state = directory / "cloud"
        self._temporary = self.state / "tmp"
        self._process = KeptProcess("A local cloud", directory, "cloud")

    @property
    def url(self) -> str:
        """Endpoint for AWS clients."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """What the emulator prints."""
        return self._process.log

    def running_port(self) -> int | None:
        """Return the port of the process that this checkout started; None when none runs."""
        note = self._process.note()
        return note["port"] if note else None

    def start(self) -> None:
        """Start the emulator with an empty state and wait until it answers.

        Raises `CannotContinueError` when the port is taken, a cloud of this folder runs already, or
        the process ends early.
        """
        if _answers(self.port):
            message = (
                f"Port {self.port} is taken by a program that this checkout did not start.\n"
                f"Stop that program, or choose another port: make up PORT={self.port + 1}"
            )
            raise CannotContinueError(message)
        process = self._process.start(
            # -P: what lies beside it is not to be imported by name.
            [sys.executable, "-P", _EMULATOR],
            note={"port": self.port},
            working_directory=self.state,
            environment=self._server_environment(),
            prepare=self._renew_state,
        )
        self._wait_until_healthy(process)

    def stop(self) -> bool:
        """Stop the process that this checkout started; return whether there was one."""
        stopped = self._process.stop()
        self._remove_state()
        return stopped

    def client_environment(self) -> dict[str, str]:
        """Return environment variables that send every AWS client here, and never to AWS."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "CDK_"))
        }
        return kept | self._aws_environment()

    def session(self) -> boto3.Session:
        """Return a boto3 session of the local account; its clients want `endpoint_url` as well."""
        return boto3.Session(
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=_SECRET_KEY,
        )

    def _renew_state(self) -> None:
        self._remove_state()
        self.state.mkdir(parents=True)
        if _has_room(_MEMORY):
            self._temporary.symlink_to(
                tempfile.mkdtemp(prefix="cv-location-classifier-", dir=_MEMORY)
            )
        else:
            self._temporary.mkdir()

    def _remove_state(self) -> None:
        if self._temporary.is_symlink():
            shutil.rmtree(self._temporary.readlink(), ignore_errors=True)
        shutil.rmtree(self.state, ignore_errors=True)

    def _aws_environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": _SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def _server_environment(self) -> dict[str, str]:
        # Functions inherit this, and on AWS they would see nothing of this shell.
        needed = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
        kept = {name: os.environ[name] for name in needed if name in os.environ}
        return kept | {
            **self._aws_environment(),
            # Permissions are enforced, so that a missing one shows here and not first on AWS.
            "AUTH": "true",
            "BIND_HOST": HOST,
            "MINISTACK_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            # Each request holds a thread while its function asks this same process for the table,
            # which takes another: fifty at once wait for each other with the usual 64.
            "MINISTACK_WORKER_THREADS": "400",
            "TMPDIR": str(self._temporary),
            "STATE_DIR": str(self.state / "state"),
            "S3_DATA_DIR": str(self.state / "s3"),
            "PYTHONUNBUFFERED": "1",
        }

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        wait_until(lambda: process.poll() is not None or _is_healthy(self.url), _START_SECONDS)
        if process.poll() is None and _is_healthy(self.url):
            return
        self.stop()
        end = last_lines(self.log)
        message = f"The local cloud did not start:\n\n{end}\n\nAll of it: {self.log}"
        raise CannotContinueError(message)


def free_port() -> int:
    """Return a port that nothing listens on, for a cloud that stands beside another."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _has_room(directory: Path) -> bool:
    return (
        os.access(directory, os.W_OK) and shutil.disk_usage(directory).free >= _MEMORY_WANTED_BYTES
    )


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def _is_healthy(url: str) -> bool:
    try:
        with open_here(f"{url}/_ministack/health", 2):
            return True
    except OSError:
        return False
