"""The network rewritten to compute the same with less work, before it is compiled.

Each step leaves alone what it does not know: networks of other makes are compiled as they are.
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812 - the field's usual name
from timm.layers.norm_act import BatchNormAct2d
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

# The stages that stay in float32: rounding their few channels costs the most accuracy, and
# computing them the least time. Measured on Lite2's features: 0.06 of their range with one stage in
# float32, 0.20 with none.
FLOAT32_STAGES = 1


class _Excitation(nn.Module):
    """Squeeze and excitation as two sums of products.

    A convolution of one pixel is little work behind a call that costs as much as itself.
    """

    def __init__(self, original: SqueezeExcite) -> None:
        super().__init__()
        reduce, expand = original.conv_reduce, original.conv_expand
        self.reduce = nn.Parameter(reduce.weight[:, :, 0, 0])
        self.expand = nn.Parameter(expand.weight[:, :, 0, 0])
        assert reduce.bias is not None  # noqa: S101 - narrows the type; see `_is_usual`
        assert expand.bias is not None  # noqa: S101 - as above
        self.reduce_bias, self.expand_bias = reduce.bias, expand.bias

    def forward(self, x: Tensor) -> Tensor:
        squeezed = x.mean((2, 3)).float()
        hidden = F.silu((self.reduce * squeezed[:, None]).sum(-1) + self.reduce_bias)
        gate = torch.sigmoid((self.expand * hidden[:, None]).sum(-1) + self.expand_bias)
        return x * gate.to(x.dtype)[:, :, None, None]


class _LaterStagesInBfloat16(nn.Module):
    """An EfficientNet whose first stages and pooled features stay in float32."""

    def __init__(self, backbone: EfficientNet) -> None:
        super().__init__()
        self.backbone = backbone
        for stage in list(backbone.blocks)[FLOAT32_STAGES:]:
            _convolutions_to_bfloat16(stage)
        _convolutions_to_bfloat16(backbone.conv_head)

    def forward(self, images: Tensor) -> Tensor:
        backbone = self.backbone
        x = backbone.bn1(backbone.conv_stem(images))
        for number, stage in enumerate(backbone.blocks):
            x = stage(x.bfloat16() if number == FLOAT32_STAGES else x)
        x = backbone.bn2(backbone.conv_head(x.bfloat16()))
        pooled: Tensor = backbone.forward_head(x.float())
        return pooled


def put_in_serving_form(backbone: nn.Module, *, bfloat16: bool) -> nn.Module:
    """Return `backbone` for compiling; it is used up.

    Raises:
        NotImplementedError: `bfloat16` is asked of a network that it is not known to do well.

    """
    with torch.no_grad():
        _fold_normalisation(backbone)
        _replace_excitations(backbone)
        if not bfloat16:
            return backbone
        if not isinstance(backbone, EfficientNet):
            message = f"bfloat16 has been measured for EfficientNet, not {type(backbone).__name__}"
            raise NotImplementedError(message)
        return _LaterStagesInBfloat16(backbone)


def _fold_normalisation(module: nn.Module) -> None:
    """Scale weights once instead of every output; in float32, before anything is rounded."""
    children = list(module.named_children())
    for _, child in children:
        _fold_normalisation(child)
    for (_, convolution), (name, normalisation) in pairwise(children):
        if isinstance(convolution, nn.Conv2d) and isinstance(normalisation, BatchNormAct2d):
            mean, variance = normalisation.running_mean, normalisation.running_var
            assert mean is not None  # noqa: S101 - narrows the type: BatchNorm keeps both
            assert variance is not None  # noqa: S101 - as above
            convolution.weight, convolution.bias = fuse_conv_bn_weights(
                convolution.weight,
                convolution.bias,
                mean,
                variance,
                normalisation.eps,
                normalisation.weight,
                normalisation.bias,
            )
            setattr(module, name, normalisation.act)


def _replace_excitations(module: nn.Module) -> None:
    for name, child in list(module.named_children()):
        if isinstance(child, SqueezeExcite) and _is_usual(child):
            setattr(module, name, _Excitation(child))
        else:
            _replace_excitations(child)


def _is_usual(excitation: SqueezeExcite) -> bool:
    return (
        isinstance(excitation.act1, nn.SiLU)
        and isinstance(excitation.gate, nn.Sigmoid)
        and excitation.conv_reduce.bias is not None
        and excitation.conv_expand.bias is not None
    )


def _convolutions_to_bfloat16(module: nn.Module) -> None:
    """Leave the sums of excitations in float32, which they are computed in."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            part.to(torch.bfloat16)
