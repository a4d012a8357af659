"""When the page is built, with which Node, and whose licences go along with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.terminal import CannotContinueError
from local.web import build
from local.web.notices import name_of, shipped_packages, write_notices

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCK = {
    "packages": {
        "": {"name": "page"},
        "node_modules/@kit/core": {"version": "1.0.0", "license": "MIT"},
        "node_modules/map": {"version": "2.0.0", "license": "ISC"},
        "node_modules/map/node_modules/kit": {"version": "3.0.0", "license": "0BSD"},
        "node_modules/builder": {"version": "4.0.0", "license": "MIT", "dev": True},
        "node_modules/typer": {"version": "5.0.0", "license": "MIT", "devOptional": True},
    }
}


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    web = tmp_path / "web"
    (web / "src").mkdir(parents=True)
    (web / "src" / "main.tsx").write_text("first")
    (web / "package-lock.json").write_text(json.dumps(LOCK))
    for folder in shipped_packages(web / "package-lock.json"):
        (web / folder).mkdir(parents=True)
        (web / folder / "LICENSE.md").write_text(f"The terms of {folder}\n")
    monkeypatch.setattr(build, "WEB", web)
    monkeypatch.setattr(build, "DIST", web / "dist")
    monkeypatch.setattr(build, "_STAMP", tmp_path / "web.stamp")
    return web


@pytest.fixture
def runs(web: Path, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Return what was run, in place of npm."""
    runs: list[Sequence[str]] = []

    def run(command: Sequence[str], *, log: Path, directory: Path) -> None:
        assert (log.suffix, directory) == (".log", web)
        runs.append(command)
        (web / "dist").mkdir(exist_ok=True)

    monkeypatch.setattr(build, "run", run)
    monkeypatch.setattr(build, "install_node_packages", lambda _title, _folder: None)
    monkeypatch.setattr(build, "_node_version", lambda: "v24.1.0")
    return runs


def test_it_is_built_again_only_when_something_of_it_changed(
    web: Path, runs: list[Sequence[str]]
) -> None:
    build.build_web()
    assert runs == [["npm", "run", "build"]]
    build.build_web()
    (web / "browser").mkdir()
    (web / "browser" / "visit.ts").write_text("a test")
    (web / "node_modules" / "installed").write_text("a package")
    build.build_web()
    assert len(runs) == 1
    (web / "src" / "main.tsx").write_text("second")
    build.build_web()
    assert len(runs) == 2


def test_what_was_removed_is_built_again(web: Path, runs: list[Sequence[str]]) -> None:
    build.build_web()
    (web / "dist" / "licences.txt").unlink()
    (web / "dist").rmdir()
    build.build_web()
    assert len(runs) == 2


def test_a_build_that_failed_does_not_count(
    web: Path, runs: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    build.build_web()
    (web / "src" / "main.tsx").write_text("second")

    def fail(*_command: object, **_how: object) -> None:
        message = "`npm` ended with 1"
        raise CannotContinueError(message)

    with monkeypatch.context() as broken:
        broken.setattr(build, "run", fail)
        with pytest.raises(CannotContinueError):
            build.build_web()
    (web / "src" / "main.tsx").write_text("first")
    build.build_web()
    assert len(runs) == 2


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.1", "v22.12.0", "v23.0.0", "v26.1.0"])
def test_a_node_that_vite_works_with_is_taken(version: str) -> None:
    build.check_node(version)


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", "Node.js is missing"),
        ("v18.20.0", "Node.js v18.20.0 cannot build it"),
        ("v20.18.3", "Node.js v20.18.3 cannot"),
        ("v21.7.0", "Node.js v21.7.0 cannot"),
        ("v22.11.0", "Node.js v22.11.0 cannot"),
        ("nonsense", "Node.js nonsense cannot"),
    ],
)
def test_any_other_is_refused_with_what_would_do(version: str, told: str) -> None:
    with pytest.raises(CannotContinueError, match=r"needs Node.js 20.19 or 22.12 or newer") as why:
        build.check_node(version)
    assert told in str(why.value)


def test_the_versions_are_those_that_vite_asks_for() -> None:
    """Of the Vite that is locked; its lock says what it needs."""
    root = Path(__file__).resolve().parents[3]
    lock = json.loads((root / "web" / "package-lock.json").read_text())
    wanted = lock["packages"]["node_modules/vite"]["engines"]["node"]
    (first, first_minor), (second, second_minor) = build.OLDEST_NODE.items()
    assert wanted == f"^{first}.{first_minor}.0 || >={second}.{second_minor}.0"


def test_the_licences_of_what_ships_go_along(web: Path) -> None:
    (web / "dist").mkdir()
    write_notices(web, web / "dist")
    text = (web / "dist" / "licences.txt").read_text()
    assert "@kit/core 1.0.0, MIT\n\nThe terms of node_modules/@kit/core" in text
    assert "kit 3.0.0, 0BSD\n\nThe terms of node_modules/map/node_modules/kit" in text
    assert "builder" not in text
    assert "typer" not in text


def test_a_package_within_anothers_folder_has_its_own_name() -> None:
    assert name_of("node_modules/map/node_modules/kit") == "kit"
    assert name_of("node_modules/@kit/core") == "@kit/core"
