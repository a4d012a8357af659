"""Which packages a lock names, and what is done about PyTorch, which another index has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from local.supply_chain import hashes
from local.supply_chain.hashes import names_in, write_torch_lock
from local.supply_chain.locks import Lock, read_hashes, read_pins
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64
PACKAGES = {
    "app": {"requires_dist": ['two>=1; extra == "more"', "one", "torch"]},
    "one": {"requires_dist": ["three[fast]>2", 'four; python_version < "3"']},
    "two": {},
    "three": {"requires_dist": ["one"]},
    "four": {},
    "torch": {},
}


def _requirements(folder: Path, name: str, *packages: str) -> Path:
    file = folder / f"{name}.txt"
    file.write_text("".join(f"{package}==1.0\n" for package in packages))
    return file


def test_a_closed_lock_names_what_its_requirements_name(tmp_path: Path) -> None:
    lock = Lock(_requirements(tmp_path, "requirements", "app", "torch"))
    assert names_in(lock, PACKAGES) == ["app"]


def test_an_open_lock_names_what_they_bring_along_as_well(tmp_path: Path) -> None:
    lock = Lock(_requirements(tmp_path, "requirements", "app"), closed=False)
    assert names_in(lock, PACKAGES) == ["app", "one", "three"]


def test_a_lock_leaves_out_what_is_installed_beside_it(tmp_path: Path) -> None:
    beside = Lock(_requirements(tmp_path, "beside", "three"))
    lock = Lock(_requirements(tmp_path, "requirements", "app"), closed=False, beside=(beside,))
    assert names_in(lock, PACKAGES) == ["app", "one"]


@pytest.fixture
def torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lock:
    lock = Lock(_requirements(tmp_path, "requirements", "torch"), torch=True)
    monkeypatch.setattr(hashes, "TORCH", lock)
    lock.path.write_text(f"torch==1.0 --hash=sha256:{OLD}\n")
    return lock


def _unreachable(request: httpx.Request) -> httpx.Response:
    message = "no route"
    raise httpx.ConnectError(message, request=request)


def test_the_hashes_of_pytorch_are_those_of_the_images_builds(torch: Lock) -> None:
    page = "".join(
        f'<a href="/whl/cpu/torch-{build}.whl#sha256={digest}">torch</a>'
        for build, digest in {
            "2.0%2Bcpu-cp311-cp311-manylinux_2_28_x86_64": NEW,
            "2.0%2Bcpu-cp313-cp313-manylinux_2_28_x86_64": OTHER,
            "2.0%2Bcpu-cp313-cp313-manylinux_2_28_aarch64": "d" * 64,
            "2.0%2Bcpu-cp313-cp313t-manylinux_2_28_x86_64": "e" * 64,
            "2.1%2Bcpu-cp313-cp313-manylinux_2_28_x86_64": "f" * 64,
        }.items()
    )
    write_torch_lock("2.0", httpx.MockTransport(lambda _: httpx.Response(200, text=page)))
    assert read_pins(torch.path) == {"torch": "2.0"}
    assert read_hashes(torch.path) == {"torch": {NEW, OTHER}}


def test_the_hashes_of_pytorch_stay_where_its_index_cannot_be_asked(torch: Lock) -> None:
    write_torch_lock("1.0", httpx.MockTransport(_unreachable))
    assert read_hashes(torch.path) == {"torch": {OLD}}


def test_a_new_pytorch_is_not_locked_where_its_index_cannot_be_asked(torch: Lock) -> None:
    with pytest.raises(CannotContinueError, match="lock elsewhere"):
        write_torch_lock("2.0", httpx.MockTransport(_unreachable))
    assert read_pins(torch.path) == {"torch": "1.0"}


@pytest.mark.usefixtures("torch")
def test_a_pytorch_that_its_index_does_not_have_is_an_error() -> None:
    with pytest.raises(CannotContinueError, match="has no torch"):
        write_torch_lock("9.9", httpx.MockTransport(lambda _: httpx.Response(200, text="")))
