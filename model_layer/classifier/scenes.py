"""Plain scenes: pictures of no landmark at all, from packages that ship some.

scikit-image and scikit-learn carry two dozen pictures (a cat, a cup of coffee, grass, a rocket,
a page of text ...). Each is taken whole and in four quarters.
"""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

from PIL import Image

PACKAGES = {"skimage": "data", "sklearn": "datasets/images"}
SUFFIXES = {".png", ".jpg"}
SMALLEST_PX = 100


def plain_scenes() -> list[tuple[str, bytes]]:
    """Return `(name, PNG bytes)` of every scene and its quarters.

    Raises:
        ModuleNotFoundError: one of the packages is not installed.

    """
    scenes: list[tuple[str, bytes]] = []
    for package, folder in PACKAGES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            message = f"{package} is needed for its pictures: pip install -r requirements-dev.txt"
            raise ModuleNotFoundError(message)
        for path in sorted((Path(spec.origin).parent / folder).iterdir()):
            if path.suffix in SUFFIXES:
                scenes += _whole_and_quarters(path)
    return scenes


def _whole_and_quarters(path: Path) -> list[tuple[str, bytes]]:
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    if min(width, height) < SMALLEST_PX:
        return []
    half_w, half_h = width // 2, height // 2
    parts = [image] + [
        image.crop((left, top, left + half_w, top + half_h))
        for left in (0, half_w)
        for top in (0, half_h)
    ]
    return [(f"{path.name}:{number}", _as_png(part)) for number, part in enumerate(parts)]


def _as_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
