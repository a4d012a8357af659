"""The local cloud stops what it started and leaves everyone else's programs alone."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

import pytest

from local.cloud import HOST, LocalCloud, free_port
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_cloud_that_never_started_is_not_running(tmp_path: Path) -> None:
    cloud = LocalCloud(tmp_path, free_port())
    assert cloud.running_port() is None
    assert cloud.stop() is False


def test_a_process_number_in_a_file_is_not_enough_to_be_stopped(tmp_path: Path) -> None:
    cloud = LocalCloud(tmp_path, free_port())
    left_behind = {"pid": os.getpid(), "port": cloud.port}
    (tmp_path / "cloud.lock").write_text(json.dumps(left_behind))
    assert cloud.running_port() is None
    assert cloud.stop() is False


def test_a_taken_port_is_named_and_its_owner_left_alone(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotContinueError, match=f"Port {port} is taken"):
            LocalCloud(tmp_path, port).start()


def test_a_running_cloud_is_found_again_and_stopped(tmp_path: Path) -> None:
    started = LocalCloud(tmp_path, free_port())
    started.start()
    found = LocalCloud(tmp_path, started.port)
    assert found.running_port() == started.port
    assert found.stop() is True
    assert found.running_port() is None
    assert not found.state.exists()
    assert started.stop() is False


def test_a_second_cloud_in_a_folder_leaves_the_first_one_its_state(tmp_path: Path) -> None:
    first = LocalCloud(tmp_path, free_port())
    first.start()
    try:
        (first.state / "kept").touch()
        with pytest.raises(CannotContinueError, match="is running already"):
            LocalCloud(tmp_path, free_port()).start()
        assert (first.state / "kept").exists()
        assert first.running_port() == first.port
    finally:
        assert first.stop() is True


def test_a_cloud_that_cannot_start_shows_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.cloud._EMULATOR", tmp_path / "no_such_emulator.py")
    cloud = LocalCloud(tmp_path, free_port())
    with pytest.raises(CannotContinueError, match="No such file or directory"):
        cloud.start()
    assert cloud.running_port() is None
