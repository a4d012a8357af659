"""What `/info` tells about the models, read from their bundles at synth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# All environment variables of a function together may take 4 KB.
_MAX_BYTES = 2_048


def read_model_info(model_layer: Path, text_encoder: str) -> str:
    """Return a small JSON object about the models in `model_layer`; null where there is none.

    Raises `ValueError` when the figures are too long for an environment variable.
    """
    models = model_layer / "models"
    catalogue = model_layer / "data" / "landmarks_unified.json"
    info = json.dumps(
        {
            "classifier": _read_classifier(models / "classifier"),
            "text_encoder": _read_text_encoder(models / "text_encoder" / text_encoder),
            "landmarks": len(json.loads(catalogue.read_bytes())) if catalogue.is_file() else 0,
        },
        separators=(",", ":"),
    )
    if len(info) > _MAX_BYTES:
        message = f"{model_layer}: its figures take {len(info)} bytes, more than {_MAX_BYTES}"
        raise ValueError(message)
    return info


def _read_classifier(bundle: Path) -> dict[str, Any] | None:
    if not (bundle / "config.json").is_file():
        return None
    config = json.loads((bundle / "config.json").read_bytes())
    return {
        "model_version": config["model_version"],
        "arch": config["arch"],
        "image_size": config["px"],
        "classes": len(json.loads((bundle / "classes.json").read_bytes())),
        "metrics": config.get("metrics", {}),
    }


def _read_text_encoder(bundle: Path) -> dict[str, Any] | None:
    if not (bundle / "config.json").is_file():
        return None
    config = json.loads((bundle / "config.json").read_bytes())
    return {
        "name": config["name"],
        "dimension": config["dimension"],
        "metrics": config.get("metrics", {}),
    }
