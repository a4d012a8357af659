"""One fuzzer: `python -m local.fuzzing images|requests FOLDER [libFuzzer's options]`.

Never returns: libFuzzer ends the process, with something else than 0 where it found something.
"""

from __future__ import annotations

import importlib
import random
import sys

import atheris

from local.fuzzing.mutation import mend_checksums

# What is watched for new code: only what is imported while atheris looks, so also what would be
# imported when it is needed.
_WATCHED = ("PIL", "common", "describe", "predict", "python_multipart")
_NEEDED_LATER = (
    *(f"PIL.{kind}ImagePlugin" for kind in ("Gif", "Jpeg", "Mpo", "Png", "Tiff", "WebP")),
    "python_multipart.multipart",
)


def _mutate(data: bytes, most: int, seed: int) -> bytes:
    changed: bytes = atheris.Mutate(data, len(data))
    # Now and then the sum stays wrong, which has to be seen as well.
    if random.Random(seed).random() < 0.9:  # noqa: S311, PLR2004 - no secret; most of them
        changed = mend_checksums(changed)
    return changed[:most]


def main() -> None:
    """Fuzz the target that the first argument names."""
    target, *options = sys.argv[1:]
    with atheris.instrument_imports(include=list(_WATCHED)):
        for module in _NEEDED_LATER:
            importlib.import_module(module)
        targets = importlib.import_module("local.fuzzing.targets")
    mutator = {"custom_mutator": _mutate} if target == "images" else {}
    atheris.Setup([target, *options], targets.within_cpu_time(targets.TARGETS[target]), **mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
