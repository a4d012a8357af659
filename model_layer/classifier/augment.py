"""What phones do to a photo: the random views that training sees.

Many photos of the collection are postcard views, some with a stock site's caption bar. Each
transform here stands for something a traveller's photo has and those lack.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

WHOLE_CHANCE, TILT_CHANCE, BAR_CHANCE = 0.2, 0.35, 0.5
_BICUBIC = Image.Resampling.BICUBIC


def training_view(image: Image.Image, px: int, rng: Generator) -> NDArray[np.uint8]:
    """Return one random view `(px, px, 3)` uint8 of an RGB photo."""
    view = _crop(image, px, rng)
    for chance, transform in _TRANSFORMS:
        if rng.random() < chance:
            view = transform(view, rng)
    return np.asarray(view, dtype=np.uint8)


def whole_view(image: Image.Image, px: int) -> NDArray[np.uint8]:
    """Return the whole photo, resized to `(px, px, 3)` uint8, as serving sees it."""
    return np.asarray(image.resize((px, px), _BICUBIC), dtype=np.uint8)


def _crop(image: Image.Image, px: int, rng: Generator) -> Image.Image:
    """Cut a random part at a random aspect, sometimes tilted or seen from an angle."""
    width, height = image.size
    if rng.random() < WHOLE_CHANCE:
        box = (0.0, 0.0, float(width), float(height))
    else:
        area = width * height * rng.uniform(0.3, 1.0)
        aspect = np.exp(rng.uniform(np.log(0.6), np.log(1.67))) * (width / height) ** 0.5
        crop_w = min(width, (area * aspect) ** 0.5)
        crop_h = min(height, (area / aspect) ** 0.5)
        left, top = rng.uniform(0, width - crop_w), rng.uniform(0, height - crop_h)
        box = (left, top, left + crop_w, top + crop_h)
    if rng.random() < TILT_CHANCE:
        return _tilted(image, box, px, rng)
    return image.resize((px, px), _BICUBIC, box=box)


def _tilted(
    image: Image.Image, box: tuple[float, float, float, float], px: int, rng: Generator
) -> Image.Image:
    """Sample `box` through a small rotation and a small perspective."""
    left, top, right, bottom = box
    half_w, half_h = (right - left) / 2, (bottom - top) / 2
    angle = np.deg2rad(rng.normal(0, 8))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[-half_w, -half_h], [-half_w, half_h], [half_w, half_h], [half_w, -half_h]])
    corners = corners * (1 + rng.uniform(-0.12, 0.12, (4, 2))) @ turn.T
    quad = corners + np.array([(left + right) / 2, (top + bottom) / 2])
    quad = np.clip(quad, 0, [image.width - 1, image.height - 1])
    return image.transform((px, px), Image.Transform.QUAD, tuple(quad.ravel()), _BICUBIC)


def _mirror(view: Image.Image, _rng: Generator) -> Image.Image:
    return view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _light(view: Image.Image, rng: Generator) -> Image.Image:
    view = ImageEnhance.Brightness(view).enhance(rng.uniform(0.6, 1.4))
    view = ImageEnhance.Contrast(view).enhance(rng.uniform(0.6, 1.4))
    return ImageEnhance.Color(view).enhance(rng.uniform(0.4, 1.6))


def _tint(view: Image.Image, rng: Generator) -> Image.Image:
    gains = rng.uniform(0.82, 1.18, 3)
    return view.point([min(255, round(value * gain)) for gain in gains for value in range(256)])


def _night(view: Image.Image, rng: Generator) -> Image.Image:
    gamma = rng.uniform(1.5, 2.6)
    return view.point([round(255 * (value / 255) ** gamma) for value in range(256)] * 3)


def _grey(view: Image.Image, _rng: Generator) -> Image.Image:
    return view.convert("L").convert("RGB")


def _blur(view: Image.Image, rng: Generator) -> Image.Image:
    return view.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2.0)))


def _coarsen(view: Image.Image, rng: Generator) -> Image.Image:
    """Lose resolution, as a far subject or a small upload does."""
    small = round(view.width * rng.uniform(0.35, 0.75))
    return view.resize((small, small), Image.Resampling.BOX).resize(view.size, _BICUBIC)


def _compress(view: Image.Image, rng: Generator) -> Image.Image:
    buffer = io.BytesIO()
    view.save(buffer, "JPEG", quality=int(rng.integers(15, 75)))
    return Image.open(buffer).convert("RGB")


def _people(view: Image.Image, rng: Generator) -> Image.Image:
    """Stand a few person-sized shapes in the lower part."""
    view = view.copy()
    draw = ImageDraw.Draw(view)
    for _ in range(int(rng.integers(1, 4))):
        height = view.height * rng.uniform(0.2, 0.6)
        width = height * rng.uniform(0.25, 0.45)
        left = rng.uniform(-width / 2, view.width - width / 2)
        colours = [tuple(int(c) for c in rng.integers(0, 255, 3)) for _ in range(2)]
        top = view.height - height * rng.uniform(0.7, 1.0)
        head = width * 0.5
        draw.rectangle((left, top + head, left + width, view.height), fill=colours[0])
        centre = left + width / 2
        draw.ellipse((centre - head / 2, top, centre + head / 2, top + head), fill=colours[1])
    return view


def _caption(view: Image.Image, rng: Generator) -> Image.Image:
    """Print a bar or some letters, so that captions mean nothing to the network."""
    view = view.copy()
    draw = ImageDraw.Draw(view)
    text = "".join(chr(int(c)) for c in rng.integers(97, 122, int(rng.integers(4, 16))))
    colour = tuple(int(c) for c in rng.integers(0, 255, 3))
    if rng.random() < BAR_CHANCE:
        top = rng.choice([0.0, view.height * 0.9])
        draw.rectangle((0, top, view.width, top + view.height * 0.1), fill=colour)
        draw.text((4, top + 2), text, fill=(255, 255, 255))
    else:
        size = float(view.height * rng.uniform(0.05, 0.15))
        place = (rng.uniform(0, view.width * 0.6), rng.uniform(0, view.height * 0.9))
        draw.text(place, text, fill=colour, font_size=size)
    return view


def _noise(view: Image.Image, rng: Generator) -> Image.Image:
    pixels = np.asarray(view, dtype=np.float32)
    pixels = pixels + rng.normal(0, rng.uniform(3, 14), pixels.shape).astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


_TRANSFORMS: tuple[tuple[float, Callable[[Image.Image, Generator], Image.Image]], ...] = (
    (0.5, _mirror),
    (0.6, _light),
    (0.2, _tint),
    (0.08, _night),
    (0.05, _grey),
    (0.12, _blur),
    (0.15, _coarsen),
    (0.15, _people),
    (0.1, _caption),
    (0.08, _noise),
    (0.2, _compress),
)
