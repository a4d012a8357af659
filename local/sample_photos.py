"""Photos for trials: the tests' samples, and variations of them that nobody has sent before."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageEnhance

from local.deployment import ROOT

if TYPE_CHECKING:
    import random
    from pathlib import Path

FOLDER = ROOT / "tests" / "photos"


def any_photo(rng: random.Random) -> bytes:
    """Return one of the samples, as it is."""
    return _any(rng).read_bytes()


def take_photo(rng: random.Random) -> bytes:
    """Return a photo that nobody has sent before: another crop and light of a sample."""
    with Image.open(_any(rng)) as sample:
        width, height = sample.size
        cut = rng.uniform(0, 0.35)
        left, top = width * cut * rng.random(), height * cut * rng.random()
        part = sample.crop(
            (int(left), int(top), int(left + width * (1 - cut)), int(top + height * (1 - cut)))
        )
    encoded = io.BytesIO()
    light = ImageEnhance.Brightness(part).enhance(rng.uniform(0.4, 1.5))
    light.convert("RGB").save(encoded, "JPEG", quality=rng.randint(60, 90))
    return encoded.getvalue()


def _any(rng: random.Random) -> Path:
    return rng.choice(sorted(FOLDER.glob("*.jpg")))
