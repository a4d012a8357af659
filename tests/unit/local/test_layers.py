"""Building layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local import layers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("ends_with", "works"), [(0, True), (127, False)])
def test_only_a_python_that_runs_compiles_for_lambda(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with: int, *, works: bool
) -> None:
    """Version managers leave commands that only say that this version is not chosen."""
    command = tmp_path / "python3.99"
    command.write_text(f"#!/bin/sh\nexit {ends_with}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(layers, "LAMBDA_PYTHON", (3, 99))
    assert layers.find_lambda_python() == (command if works else None)


def test_without_such_a_python_there_is_no_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(layers, "LAMBDA_PYTHON", (3, 99))
    assert layers.find_lambda_python() is None
