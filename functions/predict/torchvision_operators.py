"""Let `import torchvision` (hence timm and open_clip) succeed beside a CPU-only torch.

PyPI's Linux wheels of torchvision are CUDA builds. Their compiled operators do not load without
CUDA, and torchvision then fails at import while it registers fake kernels for operators nobody
declared. Declaring the two schemas first is enough (seen with torch 2.13.0 and torchvision
0.28.0); the operators themselves are not used by image classification.
"""

from __future__ import annotations

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_library: torch.library.Library | None = None


def declare_missing_operators() -> None:
    """Declare torchvision's detection operators where its own library cannot; idempotent."""
    global _library  # noqa: PLW0603 - a Library unregisters its schemas when it is collected
    if _library is not None or _torchvision_works():
        return
    _library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for schema in _SCHEMAS:
        _library.define(schema)  # type: ignore[no-untyped-call]


def _torchvision_works() -> bool:
    try:
        import torchvision  # noqa: F401, PLC0415
    except (ImportError, RuntimeError, AttributeError):
        return hasattr(torch.ops.torchvision, "nms")
    return True
