"""What is compiled computes what was trained."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor, nn

from classifier.serving_form import put_in_serving_form
from predict.bundle import read_bundle, verify_weights
from predict.classify import prepare
from predict.eager import LandmarkNetwork, build_network
from stacks.settings import MODEL_LAYER, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

COLOSSEUM = REPOSITORY / "tests" / "photos" / "colosseum.jpg"
IMAGES = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1


def _backbone(arch: str) -> nn.Module:
    """Return a network with random weights, whose normalisation fits what goes through it."""
    torch.manual_seed(0)
    backbone = LandmarkNetwork(arch, classes=3).backbone.train()
    for module in backbone.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        backbone(IMAGES.repeat(4, 1, 1, 1))
    return backbone.eval()


def _run(network: Callable[[Tensor], Tensor]) -> Tensor:
    with torch.inference_mode():
        return network(IMAGES)


def _difference(one: Tensor, other: Tensor) -> float:
    return float((one - other).norm() / other.norm())


@pytest.mark.parametrize("arch", ["efficientnet_b0", "tf_efficientnet_lite0", "resnet18"])
def test_the_serving_form_answers_as_the_network_did(arch: str) -> None:
    backbone = _backbone(arch)
    before = _run(backbone)
    after = _run(put_in_serving_form(copy.deepcopy(backbone), bfloat16=False))
    assert _difference(after, before) < 1e-4


def test_normalisation_is_folded_and_excitations_are_sums() -> None:
    formed = put_in_serving_form(_backbone("efficientnet_b0"), bfloat16=False)
    kinds = {type(module).__name__ for module in formed.modules()}
    assert not {kind for kind in kinds if "BatchNorm" in kind or "SqueezeExcite" in kind}


def test_bfloat16_sees_nearly_the_same_in_a_photo() -> None:
    bundle = read_bundle(MODEL_LAYER / "models" / "classifier")
    network = build_network(bundle, verify_weights(bundle))
    pixels = torch.from_numpy(prepare(COLOSSEUM.read_bytes(), bundle.px)[None])
    with torch.inference_mode():
        _, _, before = network(pixels)
        network.network.backbone = put_in_serving_form(network.network.backbone, bfloat16=True)
        _, _, after = network(pixels)
    assert after.dtype == torch.float32
    # Rounded to 8 bits at every later layer: not the same, and not another picture.
    assert 1e-4 < _difference(after, before) < 0.05


def test_the_first_stage_stays_in_float32() -> None:
    formed = put_in_serving_form(_backbone("tf_efficientnet_lite0"), bfloat16=True)
    types = {
        name.removeprefix("backbone."): weights.dtype
        for name, weights in formed.named_parameters()
        if name.endswith("weight")
    }
    assert types["conv_stem.weight"] == types["blocks.0.0.conv_dw.weight"] == torch.float32
    assert types["blocks.1.0.conv_pw.weight"] == types["conv_head.weight"] == torch.bfloat16


def test_bfloat16_is_refused_where_it_was_not_measured() -> None:
    with pytest.raises(NotImplementedError, match="ResNet"):
        put_in_serving_form(_backbone("resnet18"), bfloat16=True)
