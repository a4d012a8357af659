"""Finding what builds images, and asking it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from local.image.builders import find_builder
from local.image.recipes import Recipe, ask, build
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Install = Callable[[str, str], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that puts a program on an otherwise empty path."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def install(name: str, script: str) -> Path:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return program

    return install


def test_a_client_without_its_engine_is_passed_over(install: Install) -> None:
    install("docker", "exit 1")
    install("podman", "exit 0")
    install("buildah", "exit 0")
    assert find_builder().name == "podman"


def test_another_builder_can_be_asked_for(install: Install) -> None:
    install("docker", "exit 0")
    install("buildah", "exit 0")
    assert find_builder("buildah").name == "buildah"


def test_where_nothing_builds_the_message_names_what_does(install: Install) -> None:
    install("docker", "exit 1")
    with pytest.raises(CannotContinueError, match="apt-get install buildah"):
        find_builder()


def test_a_builder_that_was_asked_for_and_does_not_work_is_not_replaced(install: Install) -> None:
    install("docker", "exit 1")
    install("podman", "exit 0")
    with pytest.raises(CannotContinueError, match="`docker info` says why"):
        find_builder("docker")


def test_no_other_builder_is_known(install: Install) -> None:
    install("kaniko", "exit 0")
    with pytest.raises(CannotContinueError, match="none of docker, podman, buildah"):
        find_builder("kaniko")


def test_buildah_stores_without_overlays_where_there_are_none(
    install: Install, tmp_path: Path
) -> None:
    script = f"""echo "$*" >> {tmp_path}/asked
test "$1 $2" = "--storage-driver vfs" || exit 1
echo '{{"OCIv1": {{"config": {{"User": "65534"}}}}}}'
"""
    install("buildah", script)
    assert find_builder().config("image") == {"User": "65534"}
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == [
        "info",
        "--storage-driver vfs info",
        "--storage-driver vfs inspect --type image image",
    ]


def test_a_recipe_is_told_to_the_builder(install: Install, tmp_path: Path) -> None:
    program = install("builder", 'echo "$*"')
    recipe = Recipe(
        "image:tag",
        tmp_path / "Dockerfile",
        tmp_path,
        arguments={"BASE_IMAGE": "base", "PIP_NO_INDEX": "1"},
        contexts={"wheelhouse": tmp_path / "wheels"},
    )
    build([str(program), "build"], recipe, tmp_path / "log")
    assert (tmp_path / "log").read_text().split() == [
        *("build", "--platform", "linux/amd64", "--tag", "image:tag"),
        *("--file", str(tmp_path / "Dockerfile")),
        *("--build-arg", "BASE_IMAGE=base", "--build-arg", "PIP_NO_INDEX=1"),
        *("--build-context", f"wheelhouse={tmp_path / 'wheels'}"),
        str(tmp_path),
    ]


def test_what_a_builder_says_when_it_fails_is_shown(install: Install) -> None:
    program = install("builder", "echo no such image >&2; exit 125")
    with pytest.raises(CannotContinueError, match="no such image"):
        ask([str(program), "inspect", "image"])
