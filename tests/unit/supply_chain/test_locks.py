"""The lock files: they fit the requirements, and nothing but what they name is installed."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from local import layers
from local.layers import Layer, build_for_here
from local.supply_chain.audit import NPM_FOLDERS
from local.supply_chain.locks import (
    FROM_PYPI,
    ROOT,
    SHARED,
    TORCH,
    Lock,
    check_fresh,
    read_hashes,
    read_pins,
)
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from pathlib import Path

EVERY_LOCK = pytest.mark.parametrize("lock", [*FROM_PYPI, TORCH], ids=lambda lock: lock.path.name)


@EVERY_LOCK
def test_a_lock_fits_its_requirements(lock: Lock) -> None:
    check_fresh(lock)


@EVERY_LOCK
def test_a_lock_holds_what_is_pinned_for_development(lock: Lock) -> None:
    pinned = read_pins(ROOT / "constraints.txt")
    locked = read_pins(lock.path)
    assert locked == {name: pinned[name] for name in locked}


@EVERY_LOCK
def test_a_lock_has_hashes_for_every_package(lock: Lock) -> None:
    hashes = read_hashes(lock.path)
    assert set(hashes) == set(read_pins(lock.path))
    assert all(hashes.values())


@EVERY_LOCK
def test_a_lock_names_no_index(lock: Lock) -> None:
    """Where a machine gets packages is its own business; hashes say whether they are ours."""
    text = lock.path.read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, flags=re.MULTILINE)


def test_packages_for_npm_have_hashes_and_name_no_registry() -> None:
    for folder in NPM_FOLDERS:
        text = (folder / "package-lock.json").read_text()
        assert '"resolved"' not in text
        packages = text.count('"node_modules/')
        assert packages == len(re.findall(r'"integrity": "sha512-', text)) > 0


@pytest.mark.parametrize(
    ("requirements", "lock"),
    [
        ("one==1.0\n", "one==1.1 --hash=sha256:00\n"),
        ("one==1.0\ntwo==2.0\n", "one==1.0 --hash=sha256:00\n"),
        ("one==1.0\n", "one==1.0 --hash=sha256:00\ntwo==2.0 --hash=sha256:00\n"),
        ("one==1.0\n", None),
    ],
)
def test_a_stale_lock_is_refused(tmp_path: Path, requirements: str, lock: str | None) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(requirements)
    if lock is not None:
        file.with_suffix(".lock").write_text(lock)
    with pytest.raises(CannotContinueError, match="make lock"):
        check_fresh(Lock(file))


def test_pins_are_read_without_hashes_comments_options_and_markers(tmp_path: Path) -> None:
    file = tmp_path / "requirements.lock"
    file.write_text(
        "# comment\n--only-binary=:all:\nBoto3_Stubs[s3]==1.0 \\\n    --hash=sha256:aa \\\n"
        '    --hash=sha256:bb\n\natheris==3.0 ; sys_platform == "linux"  # why\n'
    )
    assert read_pins(file) == {"boto3-stubs": "1.0", "atheris": "3.0"}


def _make_wheel(folder: Path, text: str) -> str:
    """Write the wheel of a package that says `text`, and return its SHA-256."""
    info = "pinned-1.0.dist-info"
    files = {
        "pinned.py": f"SAYS = {text!r}\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: pinned\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=")
        for name, content in files.items()
    }
    files[f"{info}/RECORD"] = "".join(
        f"{name},sha256={digest.decode()},\n" for name, digest in digests.items()
    )
    wheel = folder / "pinned-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layer:
    """Return a layer of one package, which an index of its own has, and a lock of it."""
    monkeypatch.setattr(layers, "BUILD", tmp_path / "build")
    monkeypatch.setattr(layers, "ROOT", tmp_path)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    digest = _make_wheel(tmp_path, "what was locked")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("pinned==1.0\n")
    requirements.with_suffix(".lock").write_text(f"pinned==1.0 --hash=sha256:{digest}\n")
    return Layer("trial", "Trial", Lock(requirements))


def test_a_layer_is_built_of_what_was_locked(layer: Layer, tmp_path: Path) -> None:
    build_for_here(layer)
    built = tmp_path / "build" / "trial" / "python" / "pinned.py"
    assert built.read_text() == "SAYS = 'what was locked'\n"


def test_a_layer_is_not_built_of_a_package_that_was_changed(layer: Layer, tmp_path: Path) -> None:
    _make_wheel(tmp_path, "what somebody put in its place")
    with pytest.raises(CannotContinueError, match="DO NOT MATCH THE HASHES"):
        build_for_here(layer)
    assert not (tmp_path / "build" / "trial" / "python" / "pinned.py").exists()


def test_a_layer_is_not_built_without_hashes(layer: Layer) -> None:
    layer.lock.path.write_text("pinned==1.0\n")
    with pytest.raises(CannotContinueError, match="Hashes are required"):
        build_for_here(layer)


def test_the_shared_lock_has_wheels_for_lambda_and_for_this_machine() -> None:
    """One hash is that of arm64, another that of x86_64: a release has many files."""
    assert len(read_hashes(SHARED.path)["pydantic-core"]) > 10
