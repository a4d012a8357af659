"""Photos as phones make them, made of the sample photos: the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.reports import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = ROOT / "tests" / "photos"
# Sample, width and height in pixels. 12 megapixels is what most phones save.
PHOTOS = {
    "12mp": ("colosseum.jpg", (4240, 2832)),
    "1mp": ("great-wall-of-china.jpg", (1168, 876)),
}
# Enlarged pictures are smooth and pack small; a sensor's noise, this deep of 255, packs large
# again: 12 megapixels come to 3.7 MB, as they do from a phone.
NOISE = 7.0
QUALITY = 90
_ORIENTATION, _UPSIDE_DOWN = 0x0112, 3


def make_photos(folder: Path) -> dict[str, Path]:
    """Write the photos that are not there yet; each lies upside down, and its EXIF says so."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.jpg" for name in PHOTOS}
    for name, path in paths.items():
        if not path.exists():
            _make(path, *PHOTOS[name])
    return paths


def _make(path: Path, sample: str, size: tuple[int, int]) -> None:
    with Image.open(SAMPLES / sample) as opened:
        enlarged = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    pixels = np.asarray(enlarged, dtype=np.float32)
    noise = np.random.default_rng(7).standard_normal(pixels.shape, dtype=np.float32) * NOISE
    grainy = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
    exif = Image.Exif()
    exif[_ORIENTATION] = _UPSIDE_DOWN
    partial = path.with_suffix(".partial")
    turned = grainy.transpose(Image.Transpose.ROTATE_180)
    turned.save(partial, "JPEG", quality=QUALITY, exif=exif)
    partial.replace(path)
