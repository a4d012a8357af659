"""Make a network's activations easy to quantise, without changing what it computes.

A few input channels of a linear layer reach much farther than the others, and int8 spends its
steps on them. Dividing every channel by a factor and multiplying the weights' column by it moves
part of that spread into the weights, which have a scale for each channel.
SmoothQuant: Xiao et al. 2023, https://arxiv.org/abs/2211.10438.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

# How much of the spread goes to the weights. Lowest cosine with the original vectors on 60 queries
# and 70 descriptions: 0.985 without smoothing, 0.992 at 0.65, 0.993 at 0.75, 0.991 at 0.85, and
# 0.992 at 0.75 with the factors rounded to powers of two.
SHARE = 0.75
_SMALLEST = 1e-5
_TEXTS = Path(__file__).parent / "calibration.txt"


class SmoothedLinear(nn.Module):
    """A linear layer whose input channels are divided by factors that its weights make good."""

    def __init__(self, linear: nn.Linear, factors: Tensor) -> None:
        """Take `linear`, with one factor above 0 for each of its inputs."""
        super().__init__()
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        self.linear.load_state_dict({"weight": linear.weight * factors, "bias": linear.bias})
        self.inverse: Tensor
        self.register_buffer("inverse", 1 / factors)

    def forward(self, inputs: Tensor) -> Tensor:
        """Map `(…, in)` to `(…, out)`."""
        outputs: Tensor = self.linear(inputs * self.inverse)
        return outputs


def calibration_texts() -> list[str]:
    """Return texts such as travellers type, to see how far activations reach."""
    return _TEXTS.read_text(encoding="utf-8").splitlines()


def smooth(network: nn.Module, examples: Iterable[tuple[Tensor, ...]]) -> None:
    """Replace every linear layer of `network` by a smoothed one, after running `examples`."""
    layers = {name: part for name, part in network.named_modules() if isinstance(part, nn.Linear)}
    reach = {name: torch.zeros(layer.in_features) for name, layer in layers.items()}

    def watch(name: str) -> torch.utils.hooks.RemovableHandle:
        def see(_layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            farthest = inputs[0].abs().flatten(0, -2).amax(0)
            reach[name] = torch.maximum(reach[name], farthest)

        return layers[name].register_forward_pre_hook(see)

    handles = [watch(name) for name in layers]
    with torch.no_grad():
        for example in examples:
            network(*example)
        for handle in handles:
            handle.remove()
        for name, layer in layers.items():
            columns = layer.weight.abs().amax(0).clamp(min=_SMALLEST)
            factors = reach[name].clamp(min=_SMALLEST) ** SHARE / columns ** (1 - SHARE)
            parent, _, own = name.rpartition(".")
            # Powers of two scale without rounding, and are the same on every machine.
            powers = torch.exp2(torch.log2(factors).round())
            setattr(network.get_submodule(parent), own, SmoothedLinear(layer, powers))
