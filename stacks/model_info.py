"""What `/info` tells about the classifier, read from its bundle at synth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# All environment variables of a function together may take 4 KB.
_MAX_BYTES = 2_048


def read_model_info(bundle: Path) -> str:
    """Return a small JSON object about the classifier in `bundle`; `{}` where there is none.

    Raises `ValueError` when the figures are too long for an environment variable.
    """
    if not (bundle / "config.json").is_file():
        return "{}"
    config = json.loads((bundle / "config.json").read_text())
    classes = json.loads((bundle / "classes.json").read_text())
    info = json.dumps(
        {
            "model_version": config["model_version"],
            "arch": config["arch"],
            "image_size": config["px"],
            "classes": len(classes),
            "metrics": config.get("metrics", {}),
        },
        separators=(",", ":"),
    )
    if len(info) > _MAX_BYTES:
        message = f"{bundle}: its figures take {len(info)} bytes, more than {_MAX_BYTES}"
        raise ValueError(message)
    return info
