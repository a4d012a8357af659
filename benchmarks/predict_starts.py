"""What a process does from nothing imported to its first answer; each imports what it needs alone.

python -c "from benchmarks.predict_starts import ours; ours()"
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

TOP = 5


def bare_torch() -> None:
    """Import PyTorch."""
    import torch  # noqa: F401


def ours() -> None:
    """Do all that the function does in Lambda's init phase, and answer an event of the API.

    Its table is a stand-in that knows no photo and takes every answer: how far away it is is not
    the subject. Its client is made all the same.
    """
    import common.table

    common.table.DynamoTable = _NothingKnown  # type: ignore[misc, assignment]
    from predict.handler import handle

    event = json.loads(Path(os.environ["BENCHMARK_EVENT"]).read_text(encoding="utf-8"))
    answer = handle(event, _Context())
    body = json.loads(answer["body"])
    if answer["statusCode"] != 200 or len(body["predictions"]) != TOP:  # noqa: PLR2004 - HTTP
        message = f"answered {answer}"
        raise RuntimeError(message)


def classifier_alone() -> None:
    """Name a photo with what the function does it with, but no function around it."""
    from predict.bundle import read_bundle
    from predict.classify import Classifier
    from predict.network import load_network

    bundle = read_bundle(Path(os.environ["MODEL_ROOT"]) / "models" / "classifier")
    compiled = Path(os.environ["COMPILED_MODELS"])
    network = load_network(bundle, compiled, int(os.environ["TORCH_THREADS"]))
    Classifier(bundle, network).classify(Path(os.environ["BENCHMARK_PHOTO"]).read_bytes())


def ours_by_pytorch() -> None:
    """Do the same, importing PyTorch and loading the package by its loader."""
    from predict import libtorch
    from predict.c_interface import LibtorchError

    def refuse(*_: object) -> None:
        raise LibtorchError

    libtorch.LibtorchNetwork = refuse  # type: ignore[assignment, misc]
    ours()


def timm() -> None:
    """Name a photo with timm, as its documentation does."""
    import torch

    # torchvision, which timm imports, wants these of PyPI's wheels beside a PyTorch for CPUs.
    library: Any = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from PIL import Image, ImageOps

    from timm import create_model  # isort: skip
    from timm.data.transforms_factory import create_transform

    torch.set_num_threads(int(os.environ["TORCH_THREADS"]))
    facts, folder = _facts()
    network = create_model(facts["arch"], num_classes=facts["classes"])
    network.load_state_dict(torch.load(folder / "timm.pth", weights_only=True))
    network.eval()
    transform = create_transform(
        (3, facts["px"], facts["px"]), is_training=False, interpolation="bicubic",
        mean=facts["mean"], std=facts["std"], crop_pct=1.0, crop_mode="squash",
    )  # fmt: skip
    with Image.open(os.environ["BENCHMARK_PHOTO"]) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    with torch.inference_mode():
        network(transform(image)[None]).softmax(1).topk(TOP)


def onnx() -> None:
    """Name a photo with ONNX Runtime, without PyTorch."""
    import numpy as np
    import onnxruntime
    from PIL import Image, ImageOps

    facts, folder = _facts()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ["TORCH_THREADS"])
    session = onnxruntime.InferenceSession(
        folder / "served.onnx", options, providers=["CPUExecutionProvider"]
    )
    with Image.open(os.environ["BENCHMARK_PHOTO"]) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    square = image.resize((facts["px"], facts["px"]), Image.Resampling.BICUBIC)
    logits = session.run(["logits"], {"pixels": np.asarray(square)[None]})[0][0]
    np.argsort(-logits)[:TOP]


def _facts() -> tuple[dict[str, Any], Path]:
    folder = Path(os.environ["BENCHMARK_CASE"])
    config = folder / "root" / "models" / "classifier" / "config.json"
    facts = json.loads(config.read_text(encoding="utf-8"))
    return facts, folder


class _Context:
    aws_request_id = "benchmark"


class _NothingKnown:
    """Stands in for the table."""

    def __init__(self, _name: str, client: object) -> None:
        self._client = client

    def get(self, *_: object, **__: object) -> None:
        """Know nothing."""

    def write(self, *_: object, **__: object) -> None:
        """Take anything."""


if __name__ == "__main__":
    globals()[sys.argv[1]]()
