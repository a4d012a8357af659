"""The network in PyTorch: a timm backbone, a head for landmarks and one for ImageNet's scenes.

Training, evaluation and compilation use these very classes, so that what is measured is what is
served. Importing this module imports timm and torchvision: two seconds that the compiled network
does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor, nn

from predict.torchvision_operators import declare_missing_operators

declare_missing_operators()

import timm  # noqa: E402 - imports torchvision, whose operators are declared above
from safetensors.torch import load_file  # noqa: E402 - sorted after timm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from predict.bundle import Bundle

IMAGENET_CLASSES = 1000

M = TypeVar("M", bound=nn.Module)


class NoScenes(nn.Module):
    """Stands in for the scene head where a checkpoint brought none."""

    def forward(self, features: Tensor) -> Tensor:
        """Return no logits, `(n, 0)`."""
        return features[:, :0]


class LandmarkNetwork(nn.Module):
    """Backbone, landmark head and scene head.

    `forward` takes images `(n, 3, px, px)` float32, normalised, and returns landmark logits
    `(n, classes)`, scene logits `(n, 1000)` and pooled features `(n, d)`.
    """

    def __init__(self, arch: str, classes: int, scenes: int = IMAGENET_CLASSES) -> None:
        """Build the network with random weights; `scenes` is 0 where there is no scene head.

        Raises:
            RuntimeError: timm knows no network called `arch`.

        """
        super().__init__()
        self.arch = arch
        self.backbone = timm.create_model(arch, pretrained=False, num_classes=0)
        width = self.backbone.num_features
        assert isinstance(width, int)  # noqa: S101 - timm types its attributes loosely
        self.landmarks = nn.Linear(width, classes)
        self.scene = nn.Linear(width, scenes) if scenes else NoScenes()

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        features = self.backbone(images)
        return self.landmarks(features), self.scene(features), features


class ServedNetwork(nn.Module):
    """The network as it is served: from pixels `(n, px, px, 3)` uint8 on."""

    def __init__(
        self, network: LandmarkNetwork, mean: Sequence[float], std: Sequence[float]
    ) -> None:
        """Put normalisation in front of `network`; `mean` and `std` are of values in 0..1."""
        super().__init__()
        self.network = network
        self.scale: Tensor
        self.shift: Tensor
        self.register_buffer("scale", 1 / (255 * torch.tensor(std)))
        self.register_buffer("shift", -(torch.tensor(mean) / torch.tensor(std)))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See `LandmarkNetwork.forward` for what is returned."""
        # A row at a time: three channels are too few for the processor's vectors.
        photos, height, width, channels = pixels.shape
        rows = pixels.reshape(photos, height, width * channels).float()
        rows = rows * self.scale.repeat(width) + self.shift.repeat(width)
        images = rows.reshape(pixels.shape).permute(0, 3, 1, 2)
        outputs: tuple[Tensor, Tensor, Tensor] = self.network(images)
        return outputs


def build_network(bundle: Bundle, weights: Path) -> ServedNetwork:
    """Build the bundle's network and fill it with `weights` (safetensors, any float type)."""
    network = LandmarkNetwork(bundle.arch, len(bundle.classes), len(bundle.scene_labels))
    state = {name: value.float() for name, value in load_file(weights).items()}
    missing, unexpected = network.load_state_dict(state, strict=False)
    lacking = [name for name in missing if not name.endswith("num_batches_tracked")]
    if lacking or unexpected:
        message = f"{weights} does not fit {bundle.arch}: {lacking[:3]} {unexpected[:3]}"
        raise RuntimeError(message)
    return channels_last(ServedNetwork(network, bundle.mean, bundle.std).eval())


def channels_last(module: M) -> M:
    """Lay the weights out as convolutions on a CPU read them fastest."""
    module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return module
