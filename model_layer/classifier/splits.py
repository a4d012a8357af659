"""Decide which photos teach, which tune thresholds, and which only measure.

    python -m classifier.splits --photos FOLDER

writes `splits.csv` beside this file: `path, split, group, reason`. Splits are `train`, `tune`
(temperature and thresholds), `test` (figures of the model card) and `excluded`.

Rules. Near-duplicates (cosine of ImageNet features above `NEAR_DUPLICATE_COSINE`) form a group
and a group stays on one side. An origin stays on one side too, except the large ones that are the
only source of some landmark: their landmarks are tested on groups of their own (`reason` is
`group` for those, `origin` for photos whose origin gave nothing of that landmark to training).
A landmark that would keep less than `TAUGHT_SHARE` of its photos for training, and has no small
ones, gets some back, an origin at a time. Landmarks of `other/`
are split whole between `tune` and `test`. A small photo is left out where it nearly repeats a
photo of `tune` or `test`, or where a cross-validated probe on the train photos contradicts its
label.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from tqdm import tqdm

from classifier.augment import whole_view
from classifier.backbone import LITE2, input_size, load_imagenet
from classifier.photos import Photo, class_names, load, read_index
from predict.eager import LandmarkNetwork, channels_last

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPLITS_FILE = Path(__file__).with_name("splits.csv")
SEED = "cv-location-classifier-1"
NEAR_DUPLICATE_COSINE = 0.9
LARGE_ORIGIN = 90
"""Origins with more full-size photos are taken for training; see the rules above."""
TEST_SHARE, TUNE_SHARE = 0.36, 0.12
GROUP_TEST_SHARE, GROUP_TUNE_SHARE = 0.2, 0.08
TAUGHT_SHARE = 0.5
UNKNOWN_TUNE_SHARE = 0.4
WRONG_LABEL_PROBABILITY, OTHER_LABEL_PROBABILITY = 0.03, 0.6


def read_splits(file: Path = SPLITS_FILE) -> dict[str, tuple[str, str]]:
    """Return `{path: (split, reason)}` as committed."""
    with file.open(newline="", encoding="utf-8") as lines:
        return {row["path"]: (row["split"], row["reason"]) for row in csv.DictReader(lines)}


def _lot(key: str) -> float:
    """Draw a number in [0, 1) that depends on the seed and the key alone."""
    digest = hashlib.sha256(f"{SEED}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _side(lot: float, test: float, tune: float) -> str:
    return "test" if lot < test else "tune" if lot < test + tune else "train"


@torch.inference_mode()
def imagenet_features(folder: Path, photos: list[Photo], px: int) -> NDArray[np.float32]:
    """Return unit-length pooled ImageNet features `(n, d)` of the photos seen at `px`."""
    network = LandmarkNetwork(LITE2, 1)
    load_imagenet(network, "pypi")
    channels_last(network).eval()
    _, mean, std = input_size(LITE2)
    out = []
    for start in tqdm(range(0, len(photos), 64), desc=f"features at {px} px", unit="batch"):
        batch = [whole_view(load(folder, photo), px) for photo in photos[start : start + 64]]
        pixels = torch.from_numpy(np.stack(batch)).permute(0, 3, 1, 2).float() / 255
        images = (pixels - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out.append(network.backbone(images).float())
    features = torch.nn.functional.normalize(torch.cat(out), dim=1)
    return np.asarray(features.numpy(), dtype=np.float32)


def duplicate_groups(features: NDArray[np.float32], cosine: float) -> NDArray[np.int32]:
    """Return a group number `(n,)` for each row of `features` `(n, d)`, unit length."""
    rows, columns = np.nonzero(np.triu(features @ features.T > cosine, 1))
    links = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(features),) * 2)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int32)


def assign(photos: list[Photo], groups: NDArray[np.int32]) -> list[tuple[str, str]]:
    """Return `(split, reason)` for full-size photos of known landmarks."""
    sizes = Counter(photo.origin for photo in photos)
    sources: dict[str, set[str]] = defaultdict(set)
    for photo in photos:
        sources[photo.landmark].add(photo.origin)
    sides: list[tuple[str, str]] = []
    for photo, group in zip(photos, groups, strict=True):
        if sizes[photo.origin] < LARGE_ORIGIN:
            sides.append((_side(_lot(photo.origin), TEST_SHARE, TUNE_SHARE), "origin"))
        elif len(sources[photo.landmark]) == 1:
            lot = _lot(f"{photo.landmark}:{group}")
            sides.append((_side(lot, GROUP_TEST_SHARE, GROUP_TUNE_SHARE), "group"))
        else:
            sides.append(("train", ""))
    return _keep_groups_together(sides, groups)


def feed_starved(
    photos: list[Photo], sides: list[tuple[str, str]], helped: set[str], groups: NDArray[np.int32]
) -> list[tuple[str, str]]:
    """Give landmarks short of training photos some back, whole origins at a time.

    `helped` are landmarks that have small photos to learn from besides.
    """
    fed = list(sides)
    of_landmark: dict[str, list[int]] = defaultdict(list)
    for position, photo in enumerate(photos):
        of_landmark[photo.landmark].append(position)
    for landmark, positions in of_landmark.items():
        if landmark in helped:
            continue
        held_out = [p for p in positions if fed[p][0] in {"tune", "test"}]
        # Those of `tune` first: figures need test photos more than thresholds need theirs.
        side_of = {photos[p].origin: fed[p][0] for p in held_out}
        for origin in sorted(side_of, key=lambda origin: (side_of[origin] == "test", _lot(origin))):
            taught = sum(fed[p][0] == "train" for p in positions)
            if taught >= TAUGHT_SHARE * len(positions):
                break
            for p in held_out:
                if photos[p].origin == origin:
                    fed[p] = ("train", "")
    return _keep_groups_together(fed, groups)


def _keep_groups_together(
    sides: list[tuple[str, str]], groups: NDArray[np.int32]
) -> list[tuple[str, str]]:
    """Leave out the held-out photos whose near-duplicate is on another side."""
    of_group: dict[int, set[str]] = defaultdict(set)
    for (side, _), group in zip(sides, groups, strict=True):
        of_group[int(group)].add(side)
    return [
        (side, reason)
        if side == "train" or len(of_group[int(group)]) == 1
        else ("excluded", "near-duplicate of a photo on another side")
        for (side, reason), group in zip(sides, groups, strict=True)
    ]


def contradicted(
    features: NDArray[np.float32], labels: NDArray[np.int64], classes: int
) -> NDArray[np.bool_]:
    """Tell which labels a five-fold linear probe contradicts with confidence."""
    x = torch.from_numpy(features) * 10
    y = torch.from_numpy(labels)
    weight = torch.bincount(y, minlength=classes).clamp(min=1).rsqrt()[y]
    fold = torch.from_numpy(np.random.default_rng(0).integers(0, 5, len(y)))
    probability = torch.zeros(len(y), classes)
    for held_out in range(5):
        head = torch.nn.Linear(x.shape[1], classes)
        torch.nn.init.zeros_(head.weight)
        optimiser = torch.optim.LBFGS(head.parameters(), max_iter=60, line_search_fn="strong_wolfe")
        rest = fold != held_out

        def loss(head: torch.nn.Linear = head, rest: torch.Tensor = rest) -> torch.Tensor:
            head.zero_grad()
            each = torch.nn.functional.cross_entropy(head(x[rest]), y[rest], reduction="none")
            total = (each * weight[rest]).sum() / weight[rest].sum()
            total = total + 2e-5 * head.weight.square().sum()
            total.backward()  # type: ignore[no-untyped-call]
            return total

        optimiser.step(loss)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            probability[~rest] = head(x[~rest]).softmax(1)
    given = probability[torch.arange(len(y)), y]
    wrong = (given < WRONG_LABEL_PROBABILITY) & (probability.amax(1) > OTHER_LABEL_PROBABILITY)
    return np.asarray(wrong.numpy(), dtype=np.bool_)


def make_splits(folder: Path) -> list[tuple[str, str, int, str]]:
    """Return rows `(path, split, group, reason)` for the whole collection."""
    photos = read_index(folder)
    names = class_names(photos)
    full = [photo for photo in photos if photo.kind == "full"]
    small = [photo for photo in photos if photo.kind == "small"]
    unknown = [photo for photo in photos if photo.kind == "unknown"]

    sharp = imagenet_features(folder, full, 224)
    groups = duplicate_groups(sharp, NEAR_DUPLICATE_COSINE)
    sides = assign(full, groups)
    fed = feed_starved(full, sides, {photo.landmark for photo in small}, groups)
    rows = [
        (photo.path, side, int(group), reason)
        for photo, (side, reason), group in zip(full, fed, groups, strict=True)
    ]
    for photo in unknown:
        side = "tune" if _lot(f"unknown:{photo.landmark}") < UNKNOWN_TUNE_SHARE else "test"
        rows.append((photo.path, side, -1, "landmark"))

    held_out = [i for i, (side, _) in enumerate(sides) if side in {"tune", "test"}]
    coarse_small = imagenet_features(folder, small, 96)
    coarse_held = imagenet_features(folder, [full[i] for i in held_out], 96)
    repeats = (coarse_small @ coarse_held.T).max(axis=1) > NEAR_DUPLICATE_COSINE
    teaching = [i for i, (side, _) in enumerate(sides) if side == "train"]
    probe = np.concatenate([sharp[teaching], imagenet_features(folder, small, 224)])
    labels = [names.index(full[i].landmark) for i in teaching]
    labels += [names.index(photo.landmark) for photo in small]
    wrong = contradicted(probe, np.asarray(labels, dtype=np.int64), len(names))[len(teaching) :]
    for photo, repeat, bad in zip(small, repeats, wrong, strict=True):
        if repeat:
            rows.append((photo.path, "excluded", -1, "near-duplicate of a held-out photo"))
        elif bad:
            rows.append((photo.path, "excluded", -1, "label contradicted"))
    return rows


def main() -> None:
    """Write the splits of the collection named on the command line."""
    parser = argparse.ArgumentParser(description="Split the photo collection.")
    parser.add_argument("--photos", type=Path, required=True, help="folder with index.csv")
    rows = make_splits(parser.parse_args().photos)
    with SPLITS_FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "split", "group", "reason"])
        writer.writerows(rows)
    print(Counter(split for _, split, _, _ in rows))  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
