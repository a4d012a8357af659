"""A compiled network answers the same without PyTorch's Python part as with it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import torch
import torch._inductor.config as inductor
from torch import Tensor, nn

from predict import c_interface
from predict.c_interface import LibtorchError
from predict.libtorch import WEIGHTS_KEY, LibtorchNetwork

SHA256 = "of some weights"
NO_COMPILER = shutil.which("g++") is None
# There has to be one: a skip would hide that it is missing.
IN_CI = "CI" in os.environ
PX = 8
FUNCTIONS = Path(__file__).parents[3] / "functions"
_ALONE = """
import json, pathlib, sys
import numpy as np
from predict.libtorch import LibtorchNetwork
network = LibtorchNetwork(pathlib.Path(sys.argv[1]), sys.argv[2], 1)
pixels = np.arange(2 * 8 * 8 * 3, dtype=np.uint8).reshape(2, 8, 8, 3)
outputs = [output.tolist() for output in network.run(pixels)]
print(json.dumps({"torch": "torch" in sys.modules, "outputs": outputs}))
"""
# 20 MiB are mapped by themselves, and given back, unless malloc is told to keep memory.
_KEPT = """
import ctypes
from predict.c_interface import _keep_memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.mallinfo.restype = type("Info", (ctypes.Structure,), {
    "_fields_": [(name, ctypes.c_int) for name in "arena ordblks smblks hblks".split()]
    + [("rest", ctypes.c_int * 6)]
})
def maps() -> int:
    before = libc.mallinfo().hblks
    libc.malloc(20 << 20)
    return libc.mallinfo().hblks - before
usually = maps()
_keep_memory()
print(usually, maps())
"""


class Small(nn.Module):
    """Three outputs: one as it is computed, one of nothing, one that is not in memory's order."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convolution = nn.Conv2d(3, 4, 3)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        seen = self.convolution(pixels.permute(0, 3, 1, 2).float() / 255)
        return seen.mean((2, 3)), seen.mean((2, 3))[:, :0], seen.mean(3).transpose(1, 2)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if NO_COMPILER and not IN_CI:
        pytest.skip(reason="nothing is compiled without g++, which is optional: README.md")
    path = tmp_path_factory.mktemp("compiled") / "small.pt2"
    pixels = torch.zeros((1, PX, PX, 3), dtype=torch.uint8)
    with warnings.catch_warnings(), torch.no_grad(), inductor.patch({"freezing": True}):
        warnings.simplefilter("ignore")  # of the compiler's own making
        torch._inductor.aoti_compile_and_package(
            torch.export.export(Small().eval(), (pixels,)),
            package_path=str(path),
            inductor_configs={
                "aot_inductor.metadata": {WEIGHTS_KEY: SHA256},
                "aot_inductor.compile_wrapper_opt_level": "O0",
            },
        )
    return path


def photos() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.arange(2 * PX * PX * 3, dtype=np.uint8).reshape(2, PX, PX, 3)


def by_pytorch(package: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    single_threaded = False
    loader = torch._C._aoti.AOTIModelPackageLoader(str(package), "model", single_threaded, 1, -1)
    rows = [loader.boxed_run([torch.from_numpy(photo[None])]) for photo in photos()]
    return [torch.cat(column).numpy() for column in zip(*rows, strict=True)]


def test_it_answers_as_pytorchs_own_loader_does(package: Path) -> None:
    network = LibtorchNetwork(package, SHA256, threads=1)
    for given, wanted in zip(network.run(photos()), by_pytorch(package), strict=True):
        np.testing.assert_array_equal(given, wanted)


def test_photos_may_lie_in_memory_in_any_order(package: Path) -> None:
    network = LibtorchNetwork(package, SHA256, threads=1)
    scattered = np.asfortranarray(photos())
    np.testing.assert_array_equal(network.run(scattered)[0], network.run(photos())[0])


def test_outputs_outlive_the_next_photo(package: Path) -> None:
    network = LibtorchNetwork(package, SHA256, threads=1)
    first = network.run(photos()[:1])
    kept = [output.copy() for output in first]
    network.run(255 - photos()[:1])
    for given, wanted in zip(first, kept, strict=True):
        np.testing.assert_array_equal(given, wanted)


def test_it_does_without_pytorchs_python_part(package: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _ALONE, str(package), SHA256],
        env={**os.environ, "PYTHONPATH": str(FUNCTIONS)},
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["torch"] is False
    for given, wanted in zip(told["outputs"], by_pytorch(package), strict=True):
        np.testing.assert_array_equal(np.array(given), wanted)


@pytest.mark.skipif(sys.platform != "linux", reason="the setting is one of Linux's glibc")
def test_memory_is_kept_from_one_photo_to_the_next() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _KEPT],
        env={**os.environ, "PYTHONPATH": str(FUNCTIONS)},
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == ["1", "0"]


def test_a_package_of_other_weights_is_refused(package: Path) -> None:
    with pytest.raises(LibtorchError, match="other weights"):
        LibtorchNetwork(package, "of others", threads=1)


def test_a_network_that_needs_pytorchs_operators_is_refused(package: Path, tmp_path: Path) -> None:
    asking = tmp_path / "asking.pt2"
    shutil.copyfile(package, asking)
    with ZipFile(asking, "a") as archive:
        archive.writestr("small/data/aotinductor/model/network.wrapper.json", "{}")
    with pytest.raises(LibtorchError, match="computes everything itself"):
        LibtorchNetwork(asking, SHA256, threads=1)


def test_damaged_and_missing_packages_are_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pt2"
    with pytest.raises(LibtorchError, match="cannot be loaded"):
        LibtorchNetwork(damaged, SHA256, threads=1)
    damaged.write_bytes(b"PK no package")
    with pytest.raises(LibtorchError, match="cannot be loaded"):
        LibtorchNetwork(damaged, SHA256, threads=1)


def test_another_pytorch_without_such_functions_is_refused(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(c_interface, "_FUNCTIONS", {"aoti_torch_of_some_later_version": []})
    c_interface.load_libtorch.cache_clear()
    with pytest.raises(LibtorchError, match="of_some_later_version"):
        LibtorchNetwork(package, SHA256, threads=1)


def test_without_pytorch_it_is_refused(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    c_interface.load_libtorch.cache_clear()
    with pytest.raises(LibtorchError, match="there is no PyTorch"):
        LibtorchNetwork(package, SHA256, threads=1)
