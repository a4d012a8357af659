"""Pictures drawn for tests: of things that everybody knows and no landmark class does."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

STEEL, SHADE, PIER = (60, 62, 66), (40, 42, 46), (120, 118, 112)


def draw_suspension_bridge(width: int = 900, height: int = 600) -> bytes:
    """Draw a grey suspension bridge over a wide water, and return it as a JPEG."""
    noise = np.random.default_rng(2)
    picture = _draw_landscape(width, height, noise)
    pen = ImageDraw.Draw(picture)
    shore, deck, top = int(height * 0.72), int(height * 0.60), int(height * 0.16)
    left, right = int(width * 0.24), int(width * 0.76)

    def cable(x: int) -> float:
        if left <= x <= right:
            from_middle = (2 * x - left - right) / (right - left)
            return top + (deck - 12 - top) * (1 - from_middle**2)
        along = x / left if x < left else (width - x) / (width - right)
        return deck - (deck - top) * float(along**1.6)

    for x in range(0, width, 9):
        pen.line([(x, cable(x)), (x, deck)], fill=(80, 82, 86), width=1)
    for offset in (0, 3):
        curve = [(x, cable(x) + offset) for x in range(0, width + 1, 3)]
        pen.line(curve, fill=STEEL, width=4)
    pen.rectangle([0, deck, width, deck + 14], fill=SHADE)
    for x in range(0, width, 14):
        pen.line([(x, deck + 14), (x + 7, deck + 26), (x + 14, deck + 14)], fill=STEEL, width=2)
    pen.line([(0, deck + 26), (width, deck + 26)], fill=STEEL, width=3)
    for x in (left, right):
        for side in (-16, 10):
            pen.rectangle([x + side, top - 14, x + side + 9, shore + 12], fill=STEEL)
        for y in range(top - 10, deck, 48):
            pen.rectangle([x - 16, y, x + 19, y + 8], fill=SHADE)
        pen.rectangle([x - 26, shore - 6, x + 29, shore + 26], fill=PIER)
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float64)
    return encode_jpeg(_to_image(soft + noise.normal(0, 4, soft.shape)))


def encode_jpeg(picture: Image.Image, quality: int = 90, exif: Image.Exif | None = None) -> bytes:
    """Return a picture as a JPEG file."""
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=quality, exif=exif or Image.Exif())
    return encoded.getvalue()


def _draw_landscape(width: int, height: int, noise: np.random.Generator) -> Image.Image:
    """Draw a bright sky, a line of hills and dark water."""
    down = np.linspace(0, 1, height)[:, None, None]
    sky = (1 - down) * np.array([120, 165, 215]) + down * np.array([225, 232, 238])
    picture = np.repeat(sky, width, axis=1)
    shore = int(height * 0.72)
    ripples = _to_image(128 + 25 * noise.normal(0, 1, (height - shore, width)))
    waves = np.asarray(ripples.filter(ImageFilter.GaussianBlur(2)), dtype=np.float64) - 128
    picture[shore:] = np.array([70, 100, 125]) + 2 * waves[..., None]
    image = _to_image(picture)
    ridge = [
        (x, shore - int(35 + 25 * np.sin(x / 130) + 15 * np.sin(x / 47)))
        for x in range(0, width + 1, 6)
    ]
    ImageDraw.Draw(image).polygon([(0, shore), *ridge, (width, shore)], fill=(95, 115, 110))
    return image


def _to_image(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Image.Image:
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
