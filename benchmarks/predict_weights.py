"""Random weights for a network, of usual sizes, so that it computes as a trained one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

from benchmarks.predict_photos import SAMPLES
from classifier.backbone import input_size

import timm  # isort: skip - the backbone's module prepares torchvision for it

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

# Views of the sample photos that they are fitted to.
VIEWS, BATCH = 48, 16
# What a block adds to what goes past it. In a trained network it is little; with as much as random
# weights give it, any rounding grows from block to block until it alone decides.
OF_A_BLOCK = 0.2
# How far apart the landmarks' logits are, as a standard deviation.
LOGITS_APART = 3.0


def random_weights(arch: str, px: int, classes: int) -> dict[str, Tensor]:
    """Return a state dict for `timm.create_model(arch, num_classes=classes)`.

    Normalisation has the statistics of the sample photos, and the classifier tells them apart.
    """
    torch.manual_seed(0)
    network: Any = timm.create_model(arch, num_classes=classes)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # the plain mean of all batches
        if getattr(module, "has_skip", False):
            last = getattr(module, "bn3", module.bn2)
            torch.nn.init.constant_(last.weight, OF_A_BLOCK)
    _, *statistics = input_size(arch)
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in statistics)
    views = (torch.from_numpy(_sample_views(px)).permute(0, 3, 1, 2) / 255 - mean) / std
    batches = torch.split(views, BATCH)
    with torch.no_grad():
        network.train()
        for batch in batches:
            network(batch)
        network.eval()
        features = torch.cat([_features(network, batch) for batch in batches])
        head = network.classifier
        logits = (features - features.mean(0)) @ head.weight.T
        head.weight *= LOGITS_APART / logits.std()
        head.bias.copy_(-(head.weight @ features.mean(0)))
    state: dict[str, Tensor] = network.state_dict()
    return state


def _features(network: Any, images: Tensor) -> Tensor:  # noqa: ANN401 - timm types it loosely
    features: Tensor = network.forward_head(network.forward_features(images), pre_logits=True)
    return features


def _sample_views(px: int) -> NDArray[np.uint8]:
    """Cut squares out of the sample photos, `(VIEWS, px, px, 3)`."""
    rng = np.random.default_rng(0)
    samples = []
    for path in sorted(SAMPLES.glob("*.jpg")):
        with Image.open(path) as opened:
            samples.append(opened.convert("RGB"))
    views = []
    for number in range(VIEWS):
        sample = samples[number % len(samples)]
        side = int(min(sample.size) * rng.uniform(0.5, 1))
        left, top = (int(rng.integers(0, extent - side + 1)) for extent in sample.size)
        cut = sample.resize((px, px), box=(left, top, left + side, top + side))
        views.append(np.asarray(cut))
    return np.stack(views)
