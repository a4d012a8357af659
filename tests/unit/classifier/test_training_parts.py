"""What training is made of: views, sampling, mixing, the fast backward, the splits."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from classifier.augment import training_view, whole_view
from classifier.calibrate import calibrate, fit_temperature
from classifier.depthwise import fix_depthwise_kernels
from classifier.outputs import Outputs
from classifier.package import fit_projection
from classifier.photos import Photo
from classifier.scenes import plain_scenes
from classifier.splits import assign, duplicate_groups, read_splits
from classifier.train import learning_rate_factor, mixed, phases, sampling_weights
from predict.eager import LandmarkNetwork
from tests.unit.predict.conftest import ARCH

if TYPE_CHECKING:
    from predict.bundle import Bundle


def picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (70, 90, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_a_view_depends_on_its_seed_alone() -> None:
    first, again, other = (
        training_view(picture(), 48, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first.shape == (48, 48, 3)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("seed", range(60))
def test_every_view_is_a_picture(seed: int) -> None:
    view = training_view(picture(), 32, np.random.default_rng(seed))
    assert view.shape == (32, 32, 3)
    assert view.dtype == np.uint8


def test_the_whole_view_is_the_whole_photo() -> None:
    assert whole_view(picture(), 40).shape == (40, 40, 3)


def test_the_fast_backward_gives_the_same_gradients() -> None:
    torch.manual_seed(0)
    plain = LandmarkNetwork(ARCH, 3).eval()
    fast = copy.deepcopy(plain)
    assert fix_depthwise_kernels(fast.backbone) > 0
    images = torch.randn(2, 3, 64, 64)
    for network in (plain, fast):
        network(images)[0].square().sum().backward()
    wanted = dict(plain.named_parameters())
    compared = 0
    for name, parameter in fast.named_parameters():
        if parameter.grad is not None:
            torch.testing.assert_close(parameter.grad, wanted[name].grad, rtol=1e-3, atol=1e-4)
            compared += 1
    assert compared > 10


def photo(landmark: str, origin: str, kind: str = "full", path: str = "") -> Photo:
    return Photo(path or f"{landmark}/{origin}", landmark, "", origin, kind)  # type: ignore[arg-type]


def test_sampling_lifts_rare_classes_without_levelling_them() -> None:
    photos = [photo("A", "x")] * 100 + [photo("B", "x")] * 4
    weights = sampling_weights(photos, [0] * 100 + [1] * 4, small=0.3)
    common, rare = weights[:100].sum(), weights[100:].sum()
    assert common / rare == pytest.approx(5)


def test_mixing_keeps_targets_distributions() -> None:
    rng = np.random.default_rng(0)
    images, targets = torch.rand(6, 3, 16, 16), torch.eye(6)
    for _ in range(20):
        blended, shares = mixed(images, targets, 1.0, rng)
        assert blended.shape == images.shape
        torch.testing.assert_close(shares.sum(1), torch.ones(6))


def test_the_learning_rate_rises_then_falls_to_zero() -> None:
    factors = [learning_rate_factor(step, 1000) for step in range(1001)]
    assert factors[0] < factors[50] < factors[99] == pytest.approx(1, abs=0.01)
    assert factors[-1] == pytest.approx(0, abs=1e-6)


def test_phases_are_parsed() -> None:
    assert phases("144:600,192:1100") == [(144, 600), (192, 1100)]


def test_origins_and_near_duplicates_stay_on_one_side() -> None:
    photos = [
        photo("A", f"origin{number}", path=f"a/{number}-{copy}")
        for number in range(40)
        for copy in range(3)
    ]
    groups = np.arange(len(photos), dtype=np.int32)
    groups[:6] = 0
    sides: dict[str, set[str]] = defaultdict(set)
    of_first_group = set()
    for position, (split, _) in enumerate(assign(photos, groups)):
        if split != "excluded":
            sides[photos[position].origin].add(split)
        if position < 6:
            of_first_group.add(split)
    assert all(len(side) == 1 for side in sides.values())
    assert {split for side in sides.values() for split in side} == {"train", "tune", "test"}
    assert len(of_first_group - {"excluded"}) <= 1 or "train" in of_first_group


def test_near_duplicates_are_grouped_through_each_other() -> None:
    angles = np.deg2rad([0, 20, 40, 170])
    features = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    groups = duplicate_groups(features, cosine=0.9)
    assert groups[0] == groups[1] == groups[2] != groups[3]


def test_the_committed_splits_keep_unknown_landmarks_whole() -> None:
    sides: dict[str, set[str]] = defaultdict(set)
    for path, (split, _) in read_splits().items():
        if path.startswith("other/"):
            sides[path.split("/")[1]].add(split)
        elif path.startswith("lowres/"):
            assert split == "excluded"
    assert sides
    assert all(len(side) == 1 for side in sides.values())


def test_temperature_cools_logits_that_are_too_bold() -> None:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 4, 4000)
    logits = (np.eye(4)[classes] * 2 + rng.gumbel(size=(4000, 4))).astype(np.float32)
    assert fit_temperature(logits, classes) == pytest.approx(1, abs=0.1)
    assert fit_temperature(logits * 5, classes) == pytest.approx(5, abs=0.5)


def test_calibration_parts_known_from_unknown(bundle: Bundle) -> None:
    rng = np.random.default_rng(0)
    classes = np.tile(np.arange(3), 40)
    width = bundle.projection.shape[0]
    noise = rng.normal(0, 0.1, (120, width)).astype(np.float32)
    known = Outputs(
        (np.eye(3)[classes] * 8 + rng.normal(0, 1, (120, 3))).astype(np.float32),
        np.zeros((120, 0), np.float32),
        (np.eye(3, width)[classes] + noise).astype(np.float32),
    )
    unknown = Outputs(
        rng.normal(0, 1, (60, 3)).astype(np.float32),
        np.zeros((60, 0), np.float32),
        rng.normal(0, 1, (60, width)).astype(np.float32),
    )
    calibration = calibrate(known, classes, unknown, bundle)
    assert 0 < calibration["recognised_from"] <= calibration["high_from"] <= 1
    assert calibration["evidence_weights"][0] > 0


def test_what_varies_between_photos_of_one_landmark_counts_little_in_a_cosine() -> None:
    rng = np.random.default_rng(0)
    classes = np.repeat(np.arange(6), 30)
    light = np.eye(1, 8, 7)[0]  # what all landmarks have in common, now more, now less of it
    photos = (
        np.eye(6, 8)[classes] + rng.normal(0, 2, (180, 1)) * light + rng.normal(0, 0.05, (180, 8))
    )
    projection = fit_projection(photos.astype(np.float32), classes, 8)

    def cosine(one: np.ndarray, other: np.ndarray) -> float:
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    bright, dark, elsewhere = (
        np.eye(6, 8)[c] + amount * light for c, amount in ((0, 1), (0, -1), (1, 1))
    )
    assert cosine(bright, dark) < cosine(bright, elsewhere)
    seen = [photo @ projection for photo in (bright, dark, elsewhere)]
    assert cosine(seen[0], seen[1]) > 0.8
    assert cosine(seen[0], seen[2]) < 0.3


def test_one_photo_a_landmark_still_gives_a_projection() -> None:
    features = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    projection = fit_projection(features, np.arange(5), 4)
    assert projection.shape == (8, 4)
    assert np.isfinite(projection).all()


def test_plain_scenes_are_pictures_and_their_quarters() -> None:
    scenes = plain_scenes()
    assert len(scenes) >= 100
    assert any(name.startswith("chelsea.png") for name, _ in scenes)
