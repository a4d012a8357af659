"""A photo is squeezed as Pillow would, which training did, with PyTorch's library or without."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from predict import c_interface
from predict.c_interface import LibtorchError
from predict.squeezing import squeeze, squeeze_by_pillow, squeeze_by_pytorch

if TYPE_CHECKING:
    from numpy.typing import NDArray

PX = 60
FUNCTIONS = Path(__file__).parents[3] / "functions"
LAYER = Path(__file__).parents[3] / "shared_layer" / "python"
_ALONE = """
import json, sys
import numpy as np
from predict.squeezing import squeeze_by_pytorch
pixels = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)
squeezed = squeeze_by_pytorch(pixels, 8).tolist()
print(json.dumps({"torch": "torch" in sys.modules, "squeezed": squeezed}))
"""


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture
def no_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    c_interface.load_libtorch.cache_clear()


@pytest.mark.parametrize(
    ("height", "width"),
    [(438, 584), (876, 1168), (PX, PX), (PX + 1, PX), (61, 3000), (1, 20_000), (20_000, 1)],
)
def test_it_is_as_pillow_squeezes_within_a_level(height: int, width: int) -> None:
    pixels = noise(height, width)
    given = squeeze(Image.fromarray(pixels), PX).astype(int)
    wanted = squeeze_by_pillow(Image.fromarray(pixels), PX).astype(int)
    assert given.shape == (PX, PX, 3)
    assert np.abs(given - wanted).max() <= 1
    assert (given != wanted).mean() < 0.01


@pytest.mark.parametrize(("height", "width"), [(700, 270), (PX + 1, PX - 1), (7, 23)])
def test_tall_and_small_pictures_are_nearly_so(height: int, width: int) -> None:
    # Of noise, the worst that there is: which side comes first makes a difference where it is cut
    # off at black and white in between.
    pixels = noise(height, width)
    wanted = squeeze_by_pillow(Image.fromarray(pixels), PX).astype(int)
    different = np.abs(squeeze(Image.fromarray(pixels), PX).astype(int) - wanted)
    assert different.max() <= 25
    assert different.mean() < 1


def test_colours_and_directions_stay_as_they_are() -> None:
    pixels = np.zeros((90, 120, 3), np.uint8)
    pixels[:45, :60] = (200, 10, 30)
    squeezed = squeeze_by_pytorch(pixels, PX)
    assert squeezed[10, 10].tolist() == [200, 10, 30]
    assert not squeezed[40:, :].any()
    assert not squeezed[:, 40:].any()


def test_pixels_may_lie_in_memory_in_any_order() -> None:
    pixels = noise(90, 120)
    scattered = np.asfortranarray(pixels)
    np.testing.assert_array_equal(squeeze_by_pytorch(scattered, PX), squeeze_by_pytorch(pixels, PX))


def test_a_result_outlives_the_next() -> None:
    first = squeeze_by_pytorch(noise(90, 120), PX)
    kept = first.copy()
    squeeze_by_pytorch(255 - noise(90, 120), PX)
    np.testing.assert_array_equal(first, kept)


def test_a_picture_goes_through_pytorch() -> None:
    pixels = noise(438, 584)
    given = squeeze(Image.fromarray(pixels), PX)
    np.testing.assert_array_equal(given, squeeze_by_pytorch(pixels, PX))
    assert (given != squeeze_by_pillow(Image.fromarray(pixels), PX)).any()


def test_it_does_without_pytorchs_python_part() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _ALONE],
        env={**os.environ, "PYTHONPATH": f"{FUNCTIONS}{os.pathsep}{LAYER}"},
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["torch"] is False
    pixels = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)
    assert told["squeezed"] == squeeze_by_pytorch(pixels, 8).tolist()


@pytest.mark.usefixtures("no_pytorch")
def test_without_pytorch_pillow_squeezes_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    picture = Image.fromarray(noise(90, 120))
    np.testing.assert_array_equal(squeeze(picture, PX), squeeze_by_pillow(picture, PX))
    (record,) = caplog.records
    assert record.getMessage() == "squeezed by Pillow"
    assert vars(record)["reason"] == "there is no PyTorch"


def test_what_pytorch_refuses_is_said() -> None:
    with pytest.raises(LibtorchError, match="refused"):
        squeeze_by_pytorch(noise(9, 9), -1)
