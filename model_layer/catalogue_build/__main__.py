"""Build `landmarks_unified.json`: `python -m catalogue_build`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from catalogue_build.build import CatalogueError, load_landmarks, write_catalogue
from catalogue_build.region_files import CATALOGUE

UNIFIED = Path(__file__).resolve().parents[1] / "opt" / "data" / "landmarks_unified.json"


def main(arguments: list[str] | None = None) -> int:
    """Build the catalogue; return 1, after naming every fault, when an entry is refused."""
    parser = argparse.ArgumentParser(prog="catalogue_build", description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE, help="folder of region files")
    parser.add_argument("--out", type=Path, default=UNIFIED)
    options = parser.parse_args(arguments)
    try:
        landmarks = load_landmarks(options.catalogue)
    except CatalogueError as error:
        print(*error.faults, sep="\n", file=sys.stderr)  # noqa: T201 - its output
        print(f"refused: {len(error.faults)} faults", file=sys.stderr)  # noqa: T201
        return 1
    except ValueError as error:
        print(f"refused: {error}", file=sys.stderr)  # noqa: T201
        return 1
    write_catalogue(landmarks, options.out)
    countries = len({landmark.country for landmark in landmarks})
    print(f"{len(landmarks)} landmarks of {countries} countries in {options.out}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
