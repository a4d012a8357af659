"""The network runs from raw pixels, and refuses a compiled package of other weights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from predict import instruction_sets
from predict.instruction_sets import FASTEST_FIRST, usable_here
from predict.network import EagerNetwork, NetworkMissingError, load_network
from tests.unit.predict.conftest import NAMES, PX

if TYPE_CHECKING:
    from pathlib import Path

    from predict.bundle import Bundle


class FakeNetwork:
    kind = "compiled"

    def __init__(self, package: Path, _weights_sha256: str, _threads: int) -> None:
        self.package = package


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what oneDNN is held to back after the test."""
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "ALL")


def pixels(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(0).integers(0, 256, (count, PX, PX, 3), dtype=np.uint8)


def test_outputs_have_one_row_a_photo(bundle: Bundle) -> None:
    logits, scene, features = EagerNetwork(bundle).run(pixels(2))
    assert logits.shape == (2, len(NAMES))
    assert scene.shape == (2, 1000)
    assert features.shape == (2, bundle.projection.shape[0])


def test_normalisation_is_part_of_the_network(bundle: Bundle) -> None:
    network = EagerNetwork(bundle)
    photos = pixels(1)
    images = (torch.from_numpy(photos).permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5
    with torch.inference_mode():
        wanted = network._network.network(images)[0].numpy()
    np.testing.assert_allclose(network.run(photos)[0], wanted, atol=1e-4)


def test_without_a_compiled_package_the_eager_network_serves(
    bundle: Bundle, tmp_path: Path
) -> None:
    assert load_network(bundle, tmp_path / "absent", threads=1).kind == "eager"


def _damage(directory: Path) -> None:
    for instructions in FASTEST_FIRST:
        instructions.package(directory).write_bytes(b"PK no package")


@pytest.mark.usefixtures("limit")
def test_a_damaged_compiled_package_is_passed_over(bundle: Bundle, tmp_path: Path) -> None:
    _damage(tmp_path)
    assert load_network(bundle, tmp_path, threads=1).kind == "eager"


@pytest.mark.usefixtures("limit")
def test_where_nothing_builds_the_network_a_compiled_one_has_to_load(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the container image, which is without timm."""
    monkeypatch.setitem(sys.modules, "predict.eager", None)
    _damage(tmp_path)
    with pytest.raises(NetworkMissingError, match=r"can be loaded, and nothing here builds it"):
        load_network(bundle, tmp_path, threads=1)


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize(("present", "chosen"), [("bf16 avx512 avx2", "bf16"), ("avx2", "avx2")])
def test_the_fastest_package_for_the_processor_is_taken(
    bundle: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    present: str,
    chosen: str,
) -> None:
    for instructions in FASTEST_FIRST:
        if instructions.name in present.split():
            instructions.package(tmp_path).touch()
    monkeypatch.setattr("predict.network.usable_here", lambda: list(FASTEST_FIRST))
    monkeypatch.setattr("predict.network.LibtorchNetwork", FakeNetwork)
    network = load_network(bundle, tmp_path, threads=1)
    assert isinstance(network, FakeNetwork)
    assert network.package.name == f"classifier.{chosen}.pt2"


@pytest.mark.parametrize(
    ("flags", "usable"),
    [
        ("fma avx2 avx512f avx512dq avx512bw avx512vl avx512_bf16", ["bf16", "avx512", "avx2"]),
        ("fma avx2 avx512f avx512dq avx512bw avx512vl", ["avx512", "avx2"]),
        ("fma avx2 avx512f avx512_bf16", ["avx2"]),
        ("sse4_2", []),
    ],
)
def test_a_processor_is_known_by_its_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, usable: list[str]
) -> None:
    processor = tmp_path / "cpuinfo"
    processor.write_text(f"model name\t: some\nflags\t\t: {flags}\nbugs\t: none\n")
    monkeypatch.setattr(instruction_sets, "_PROCESSOR", processor)
    instruction_sets._flags.cache_clear()
    try:
        assert [one.name for one in usable_here()] == usable
    finally:
        instruction_sets._flags.cache_clear()


def test_where_nothing_tells_of_the_processor_nothing_compiled_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instruction_sets, "_PROCESSOR", tmp_path / "absent")
    instruction_sets._flags.cache_clear()
    try:
        assert usable_here() == []
    finally:
        instruction_sets._flags.cache_clear()
