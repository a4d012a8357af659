"""What decoding and squeezing a photo costs in accuracy: `… predict_decoding PHOTOS`.

The test photos of the shipped network are enlarged to the sizes that people send, with a sensor's
noise, and named as decoded at several fractions of their size, squeezed by Pillow, and by PyTorch.
No part of `make bench`: it takes five minutes.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.predict_networks import THREADS, Case
from benchmarks.predict_photos import NOISE, QUALITY
from classifier.evaluate import _collection_names, judge_all
from classifier.outputs import Outputs, labels, paths
from classifier.package import split_photos
from common.images import decode_upright
from predict.classify import prepare
from predict.instruction_sets import usable_here
from predict.network import load_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    See = Callable[[bytes], NDArray[np.uint8]]

LONGEST_PX = (1168, 1700)
_WHOLE = 1_000_000


def ways(px: int) -> dict[str, See]:
    """Return ways from a photo's bytes to what the network sees: `(px, px, 3)` uint8."""

    def way(enough_px: float, gap: float | None = None) -> See:
        def by_pillow(photo: bytes) -> NDArray[np.uint8]:
            image = decode_upright(photo, enough_px=round(enough_px))
            bicubic = Image.Resampling.BICUBIC
            return np.array(image.resize((px, px), bicubic, reducing_gap=gap), dtype=np.uint8)

        return by_pillow

    return {
        "as served": lambda photo: prepare(photo, px),
        "the whole picture": way(_WHOLE),
        "twice": way(2 * px),
        "twice, reducing_gap 2": way(2 * px, 2.0),
        "twice, reducing_gap 1.5": way(2 * px, 1.5),
        "1.5 times": way(1.5 * px),
        "1.5 times, reducing_gap 1.5": way(1.5 * px, 1.5),
        "once": way(px),
    }


def enlarge(path: Path, longest_px: int, rng: np.random.Generator) -> bytes:
    """Return a photo as a phone would have taken it, as far as size and noise go."""
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    scale = longest_px / max(photo.size)
    size = (round(photo.width * scale), round(photo.height * scale))
    pixels = np.asarray(photo.resize(size, Image.Resampling.LANCZOS), dtype=np.float32)
    grainy = pixels + NOISE * rng.standard_normal(pixels.shape, dtype=np.float32)
    encoded = io.BytesIO()
    clipped = Image.fromarray(np.clip(grainy, 0, 255).astype(np.uint8))
    clipped.save(encoded, "JPEG", quality=QUALITY)
    return encoded.getvalue()


def main() -> None:
    """Print the figures of every way, at every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    folder = parser.parse_args().photos
    case = Case("lite2")
    best = usable_here()[0].name
    network = load_network(case.bundle, case.compiled(best, THREADS[-1]), THREADS[-1])
    known, unknown = split_photos(folder, "test")
    truth = labels(known, _collection_names(known, case.bundle))
    rng = np.random.default_rng(7)
    for longest_px in LONGEST_PX:
        rows: dict[str, list[list[NDArray[np.float32]]]] = {way: [] for way in ways(case.bundle.px)}
        for path in [*paths(folder, known), *paths(folder, unknown)]:
            photo = enlarge(path, longest_px, rng)
            for way, see in ways(case.bundle.px).items():
                outputs = network.run(see(photo)[None])
                rows[way].append([column[0] for column in outputs])
        for way, its_rows in rows.items():
            judged = judge_all(Outputs(*map(np.stack, zip(*its_rows, strict=True))), case.bundle)
            first, recognised = np.asarray(judged.first), np.asarray(judged.recognised)
            right = first[: len(known)] == truth
            sys.stdout.write(
                f"{longest_px} px, {way:28} top-1 {right.mean():7.2%}"
                f"  recognised {recognised[: len(known)].mean():7.2%}"
                f"  unknown accepted {recognised[len(known) :].mean():6.2%}\n"
            )


if __name__ == "__main__":
    main()
