"""Make the bundle out of a finished run.

    python -m classifier.package --photos FOLDER --run RUN

takes the slow average of the weights, the directions of the training photos in feature space, and
the calibration on the `tune` split. `python -m classifier.evaluate` measures the result.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from timm.data.imagenet_info import ImageNetInfo

from classifier.backbone import input_size
from classifier.bundle_files import (
    PROBABILITY_ALONE,
    write_config,
    write_json,
    write_references,
    write_weights,
)
from classifier.calibrate import calibrate
from classifier.classes import describe_classes, read_catalogue
from classifier.import_checkpoint import DEFAULT_OUT
from classifier.outputs import labels, paths, run_all
from classifier.photos import Photo, read_index
from classifier.splits import read_splits
from classifier.train import training_photos
from predict.bundle import read_bundle
from predict.eager import IMAGENET_CLASSES
from predict.network import EagerNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE_DIMENSIONS = 320
WITHIN_CLASS_SHRINKAGE = 0.1
"""Share of an even spread mixed into the spread within classes, which few photos tell of."""
MAX_SMALL_REFERENCES = 40
"""Small photos kept a class: enough for classes that have little else."""


def fit_projection(
    features: NDArray[np.float32], classes: NDArray[np.int64], dimensions: int
) -> NDArray[np.float32]:
    """Return the `(d, k)` projection that makes photos of one landmark spread alike all around.

    Principal directions of the unit-length `features` `(n, d)`, whitened by the spread within
    `classes` `(n,)` (as in Fukunaga 1990, linear discriminant analysis): what differs between two
    photos of one place counts little in a cosine, what differs between two places counts much.
    Classes weigh by the square root of their size.
    """
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    _, _, directions = np.linalg.svd(unit, full_matrices=False)
    principal = directions[:dimensions].T
    points = (unit @ principal).astype(np.float64)
    sizes = np.bincount(classes)
    means = np.zeros((len(sizes), points.shape[1]))
    np.add.at(means, classes, points)
    means /= np.maximum(sizes, 1)[:, None]
    # A class's own mean lies closer to its few photos than the true one: Bessel's correction.
    bessel = sizes / np.maximum(sizes - 1, 1)
    weights = np.sqrt(bessel / np.sqrt(np.maximum(sizes, 1)))[classes]
    within = (points - means[classes]) * weights[:, None]
    spread = within.T @ within / np.sqrt(sizes).sum()
    even = np.eye(len(spread)) * np.trace(spread) / len(spread)
    mixed = (1 - WITHIN_CLASS_SHRINKAGE) * spread + WITHIN_CLASS_SHRINKAGE * even
    if not np.trace(mixed) > 0:  # one photo a class: nothing to whiten by
        return np.ascontiguousarray(principal, dtype=np.float32)
    whitening = np.linalg.cholesky(np.linalg.inv(mixed))
    # One scale for all leaves the cosines alone and suits half precision.
    whitening /= np.abs(principal @ whitening).max()
    return np.ascontiguousarray(principal @ whitening, dtype=np.float32)


def reference_photos(photos: list[Photo]) -> list[Photo]:
    """Return all full-size training photos and some small ones of each class."""
    kept: list[Photo] = []
    small: dict[str, int] = {}
    for photo in photos:
        if photo.kind == "small":
            small[photo.landmark] = small.get(photo.landmark, 0) + 1
            if small[photo.landmark] > MAX_SMALL_REFERENCES:
                continue
        kept.append(photo)
    return kept


def split_photos(folder: Path, split: str) -> tuple[list[Photo], list[Photo]]:
    """Return the full-size photos of known landmarks, and the unknown ones, of a split."""
    splits = read_splits()
    chosen = [p for p in read_index(folder) if splits.get(p.path, ("", ""))[0] == split]
    return (
        [photo for photo in chosen if photo.kind == "full"],
        [photo for photo in chosen if photo.kind == "unknown"],
    )


def scene_labels() -> list[str]:
    """Return ImageNet's labels, the first name of each, in the order of the scene head."""
    info = ImageNetInfo()
    return [info.index_to_description(index).split(",")[0] for index in range(IMAGENET_CLASSES)]


def package(folder: Path, run: Path, out: Path, px: int | None) -> None:
    """Write the bundle of `run` to `out`."""
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    recipe: dict[str, Any] = json.loads(state["recipe"])
    names: list[str] = state["names"]
    stated_px, mean, std = input_size(recipe["arch"])
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "classes.json", describe_classes(names, read_catalogue()))
    write_json(out / "scene_labels.json", scene_labels())
    write_weights(out, state["average"])
    width = int(state["average"]["landmarks.weight"].shape[1])

    def write(calibration: dict[str, Any]) -> None:
        write_config(
            out,
            arch=recipe["arch"],
            px=px or stated_px,
            mean=mean,
            std=std,
            calibration=calibration,
            provenance={"recipe": recipe, "steps_done": state["step"]},
            name=f"{recipe['arch'].replace('tf_efficientnet_', '')}-{len(names)}",
        )

    # References and calibration come from the half-precision weights, as they will be served.
    none = np.zeros((0, REFERENCE_DIMENSIONS), np.float32)
    start = np.zeros((width, REFERENCE_DIMENSIONS), np.float32)
    write_references(out, start, none, np.zeros(0, np.int64))
    write(PROBABILITY_ALONE)
    bundle = read_bundle(out)
    network = EagerNetwork(bundle)
    teaching = reference_photos(training_photos(folder, recipe["hold_out"])[0])
    taught = run_all(network, paths(folder, teaching), bundle.px, "references")
    full = np.array([photo.kind == "full" for photo in teaching])
    telling = taught.features[full] if full.any() else taught.features
    taught_classes = labels(teaching, names)
    projection = fit_projection(
        telling, taught_classes[full] if full.any() else taught_classes, REFERENCE_DIMENSIONS
    )
    references = taught.features @ projection
    references /= np.linalg.norm(references, axis=1, keepdims=True)
    write_references(out, projection, references, taught_classes)
    write(PROBABILITY_ALONE)
    bundle = read_bundle(out)

    known, unknown = split_photos(folder, "tune")
    known = [photo for photo in known if photo.landmark in names]
    if not known or not unknown:
        print("no photos of the tune split: the probability alone decides")  # noqa: T201 - a warning
        return
    write(
        calibrate(
            run_all(network, paths(folder, known), bundle.px, "tuning, known"),
            labels(known, names),
            run_all(network, paths(folder, unknown), bundle.px, "tuning, unknown"),
            bundle,
        )
    )


def main() -> None:
    """Package what the command line names."""
    parser = argparse.ArgumentParser(description="Make the bundle of a finished run.")
    parser.add_argument("--photos", type=Path, required=True, help="folder with index.csv")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="bundle to write")
    parser.add_argument("--px", type=int, help="pixels a side (default: what timm states)")
    given = parser.parse_args()
    package(given.photos, given.run, given.out, given.px)
    size = sum(file.stat().st_size for file in given.out.iterdir()) / 1e6
    print(f"bundle written: {size:.1f} MB")  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
