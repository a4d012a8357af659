"""The network runs from raw pixels, and refuses a compiled package of other weights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from predict.network import EagerNetwork, NetworkMissingError, load_network
from tests.unit.predict.conftest import NAMES, PX

if TYPE_CHECKING:
    from pathlib import Path

    from predict.bundle import Bundle


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
    assert load_network(bundle, tmp_path / "absent.pt2", threads=1).kind == "eager"


def test_a_damaged_compiled_package_is_passed_over(bundle: Bundle, tmp_path: Path) -> None:
    damaged = tmp_path / "classifier.pt2"
    damaged.write_bytes(b"PK no package")
    assert load_network(bundle, damaged, threads=1).kind == "eager"


def test_where_nothing_builds_the_network_the_compiled_one_has_to_load(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the container image, which is without timm."""
    monkeypatch.setitem(sys.modules, "predict.eager", None)
    damaged = tmp_path / "classifier.pt2"
    with pytest.raises(NetworkMissingError, match="it is not there"):
        load_network(bundle, damaged, threads=1)
    damaged.write_bytes(b"PK no package")
    with pytest.raises(NetworkMissingError, match=r"classifier\.pt2 cannot be loaded"):
        load_network(bundle, damaged, threads=1)
