"""A picture squeezed to the square that the network sees, by PyTorch's own operator.

Both that and Pillow's `resize`, which training had, are bicubic with antialiasing, on bytes: they
differ by a level of 256 in four values of a thousand. Only tall pictures, whose heights Pillow
squeezes first, differ by more in a hundredth of their values. PyTorch's is written for the
processor's wide instructions, 1 ms instead of 7 for one megapixel; photos are named the same
(docs/performance.md).
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from common.observability import logger
from predict.c_interface import Handle, LibtorchError, check, load_libtorch, take_bytes, wrap

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OPERATOR = b"aten::_upsample_bicubic2d_aa"
# The version of PyTorch whose operators are meant: a later one translates where it has others.
_WRITTEN_FOR = (2 << 56) | (13 << 48)
_FALSE, _NONE = 0, 0


def squeeze(image: Image.Image, px: int) -> NDArray[np.uint8]:
    """Return the whole of an RGB picture, squeezed to a square of `(px, px, 3)` uint8."""
    try:
        return squeeze_by_pytorch(np.asarray(image), px)
    except LibtorchError as error:
        logger.warning("squeezed by Pillow", extra={"reason": str(error)})
        return squeeze_by_pillow(image, px)


def squeeze_by_pillow(image: Image.Image, px: int) -> NDArray[np.uint8]:
    """Do so as training did, which takes longer the larger the picture is."""
    # A copy: PyTorch takes arrays that it may write to.
    return np.array(image.resize((px, px), Image.Resampling.BICUBIC), dtype=np.uint8)


def squeeze_by_pytorch(pixels: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    """Squeeze `(height, width, 3)` uint8 to `(px, px, 3)`.

    Raises:
        LibtorchError: PyTorch's C interface cannot be had, or refuses.

    """
    torch = load_libtorch()
    # As one photo with its colours first, which stay together in memory: that is the quick way.
    photo = np.ascontiguousarray(pixels).reshape(1, *pixels.shape).transpose(0, 3, 1, 2)
    size = Handle()
    check(torch.torch_new_list_reserve_size(2, ctypes.byref(size)))
    for _ in range(2):
        check(torch.torch_list_push_back(size, px))
    # Corners are not aligned, and scales are what the sizes make them. The operator takes the
    # handles over, and leaves that of its result in their place.
    values = (ctypes.c_uint64 * 5)(wrap(photo).value or 0, size.value or 0, _FALSE, _NONE, _NONE)
    check(torch.torch_call_dispatcher(_OPERATOR, b"", values, _WRITTEN_FOR))
    return np.ascontiguousarray(take_bytes(values[0])[0].transpose(1, 2, 0))
