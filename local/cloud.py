"""The emulated cloud (ministack): one process, started and stopped by this checkout alone."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import IO, TYPE_CHECKING

import boto3

from local.commands import last_lines
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Callable

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
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1


class LocalCloud:
    """One emulator with its state in `directory`.

    The process holds a lock on a file for as long as it lives. A number in a file may belong to
    someone else's process by now; a lock cannot.
    """

    def __init__(self, directory: Path, port: int) -> None:
        """Describe the cloud of `directory`; nothing is started yet."""
        self.directory = directory
        self.port = port
        self.state = directory / "cloud"
        self.log = directory / "cloud.log"
        self._temporary = self.state / "tmp"
        self._lock_file = directory / "cloud.lock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Endpoint for AWS clients."""
        return f"http://{HOST}:{self.port}"

    def running_port(self) -> int | None:
        """Return the port of the process that this checkout started; None when none runs."""
        owner = self._owner()
        return owner["port"] if owner else None

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
        self.directory.mkdir(parents=True, exist_ok=True)
        # The lock before anything else: the state may be a running cloud's.
        with self._lock_file.open("a") as lock:
            if not _take(lock):
                message = f"A local cloud of {self.directory} is running already: make down"
                raise CannotContinueError(message)
            lock.truncate(0)
            self._remove_state()
            self._create_state()
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                    # -P: what lies beside it is not to be imported by name.
                    [sys.executable, "-P", _EMULATOR],
                    cwd=self.state,
                    env=self._server_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=[lock.fileno()],
                )
            json.dump({"pid": self._process.pid, "port": self.port}, lock)
        self._wait_until_healthy(self._process)

    def stop(self) -> bool:
        """Stop the process that this checkout started; return whether there was one."""
        owner = self._owner()
        if owner is not None:
            self._end(owner["pid"])
        if self._process is not None:
            self._process.wait()
        self._remove_state()
        return owner is not None

    def _end(self, process_group: int) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process_group, number)
            except ProcessLookupError:
                return
            if self._wait_for_release():
                return

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

    def _create_state(self) -> None:
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
            "TMPDIR": str(self._temporary),
            "STATE_DIR": str(self.state / "state"),
            "S3_DATA_DIR": str(self.state / "s3"),
            "PYTHONUNBUFFERED": "1",
        }

    def _owner(self) -> dict[str, int] | None:
        if not self._lock_file.is_file():
            return None
        with self._lock_file.open() as lock:
            if _take(lock):
                return None
            owner: dict[str, int] = json.load(lock)
            return owner

    def _wait_for_release(self) -> bool:
        return _wait(lambda: self._owner() is None, _STOP_SECONDS)

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        _wait(lambda: process.poll() is not None or _is_healthy(self.url), _START_SECONDS)
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


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _has_room(directory: Path) -> bool:
    return (
        os.access(directory, os.W_OK) and shutil.disk_usage(directory).free >= _MEMORY_WANTED_BYTES
    )


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=2):  # noqa: S310 - ours
            return True
    except OSError:
        return False
