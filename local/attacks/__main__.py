"""Measure what attacks cost, and write the figures down: `make attacks`.

Pictures are decoded each in a process of its own. Sign-ins for known and unknown addresses go by
turns, in an order drawn by lot, through the rule of `auth` over a table in memory. Whether their
times differ is judged by a rank test (Mann and Whitney), which a few slow ones do not sway, and by
whether the difference of medians could be zero (95 % of 2,000 resamplings).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.attacks import pictures
from local.attacks.decoding import Decoding, decode_apart
from local.attacks.sign_in_times import (
    DEPLOYED_BCRYPT_COST,
    LEAST_BCRYPT_COST,
    measure_sign_ins,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE_BYTES = 24_000_000
RESULTS = Path(__file__).with_name("measured.json")


def _hostile() -> Iterator[tuple[str, bytes]]:
    for name, make in pictures.TOO_MANY_PARTS.items():
        size_bytes = 360_000 if name == "jpeg of many scans" else LARGE_BYTES
        yield name, make(size_bytes)
    for name, make_large in pictures.AS_LARGE_AS_MAY_BE.items():
        yield name, make_large()
    yield "webp that says 16,383 pixels on a side", pictures.huge_webp()
    yield "png of one column of 5 million pixels", pictures.png(1, 5_000_000)
    yield "png of much text", pictures.png_of_much_text(LARGE_BYTES)
    yield "png of 60,000 odd tags", pictures.exif_of_odd_tags()


def _measure_pictures() -> list[dict[str, Any]]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in _hostile():
            file = Path(folder) / "picture"
            file.write_bytes(data)
            taken = decode_apart(file)
            rows.append({"picture": name, "kb": len(data) // 1000, **vars(taken)})
            _show(name, len(data), taken)
    return rows


def _show(name: str, size_bytes: int, taken: Decoding) -> None:
    sys.stdout.write(
        f"{name:42} {size_bytes / 1e3:9,.0f} KB  {taken.outcome:20} "
        f"{taken.cpu_seconds:6.2f} s  {taken.peak_mb:6.0f} MB\n"
    )


def main() -> None:
    """Measure one kind or both."""
    parser = argparse.ArgumentParser(description="What attacks cost.")
    parser.add_argument("kinds", nargs="*", default=["pictures", "sign-ins"])
    parser.add_argument("--pairs", type=int, default=2_000, help="sign-ins of either kind")
    wanted = parser.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    if "pictures" in wanted.kinds:
        results["pictures"] = _measure_pictures()
        _write(results)
    if "sign-ins" in wanted.kinds:
        results["sign_ins"] = [
            measure_sign_ins(wanted.pairs, LEAST_BCRYPT_COST),
            measure_sign_ins(max(2, wanted.pairs // 30), DEPLOYED_BCRYPT_COST),
        ]
        sys.stdout.write(json.dumps(results["sign_ins"], indent=1) + "\n")
        _write(results)


def _write(results: dict[str, Any]) -> None:
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
