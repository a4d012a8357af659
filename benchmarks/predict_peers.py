"""What names a photo: ours, and what people would use instead, each set up once in a process.

All of them turn the photo as its EXIF says and squeeze the whole picture into the network's
square, so that they see the same; timm's transforms are its own, made by its own
`create_transform`. What differs is who decodes, and who runs the network.
"""

# ruff: noqa: PLC0415 - a process imports what its one contender needs

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from benchmarks.predict_networks import Case
    from predict.bundle import Bundle
    from predict.network import Network

TOP = 5


@dataclass(frozen=True)
class Contender:
    """`answer` gives the five most likely classes of a photo's bytes.

    `network` runs the network alone, on what `take` makes of pixels `(px, px, 3)` uint8, and gives
    logits `(1, classes)`; both are None where the network is out of reach.
    """

    answer: Callable[[bytes], list[int]]
    take: Callable[[NDArray[np.uint8]], Any] | None = None
    network: Callable[[Any], Any] | None = None


def ours(case: Case, threads: int, instructions: str) -> Contender:
    """Return ours, by the package for one instruction set.

    Raises:
        RuntimeError: it did not load, and something slower would have been measured.

    """
    from predict.network import load_network

    network = load_network(case.bundle, case.compiled(instructions, threads), threads)
    if network.kind != "compiled":
        message = f"{case.name} for {instructions} did not load"
        raise RuntimeError(message)
    return _served_by(network, case.bundle)


def onnx_ours(case: Case, threads: int) -> Contender:
    """Return all of ours but the network, which ONNX Runtime runs."""
    return _served_by(OnnxNetwork(case.folder / "served.onnx", threads), case.bundle)


def _served_by(network: Network, bundle: Bundle) -> Contender:
    from predict.classify import Classifier

    classifier = Classifier(bundle, network)
    numbers = {landmark.landmark_id: at for at, landmark in enumerate(bundle.classes)}

    def answer(photo: bytes) -> list[int]:
        likely = classifier.classify(photo).facts["predictions"]
        return [numbers[one["landmark_id"]] for one in likely[:TOP]]

    return Contender(answer, lambda pixels: pixels[None], lambda pixels: network.run(pixels)[0])


class OnnxNetwork:
    """The same network in ONNX Runtime; see `predict.network.Network`."""

    kind = "onnx"

    def __init__(self, path: Path, threads: int) -> None:
        """Load an exported network."""
        self._session = open_session(path, threads)

    def run(
        self, pixels: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """See `Network.run`."""
        logits, scene, features = self._session.run(None, {"pixels": pixels})
        return logits, scene, features


def open_session(path: Path, threads: int) -> Any:  # noqa: ANN401 - it has no types
    """Open an ONNX file as its makers advise for one request at a time."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def timm_eager(case: Case, threads: int) -> Contender:
    """Return timm's network as `create_model` makes it, behind timm's transforms."""
    network, transform = load_timm(case, threads)
    return _behind_transforms(transform, network)


def torchscript(case: Case, threads: int) -> Contender:
    """Return the same, traced, frozen and optimised for inference."""
    import warnings

    import torch

    network, transform = load_timm(case, threads)
    example = torch.zeros(1, 3, case.bundle.px, case.bundle.px)
    with warnings.catch_warnings(), torch.inference_mode():
        # PyTorch says that there is `torch.export` now.
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(network, example)  # type: ignore[no-untyped-call]
        script = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
        for _ in range(3):
            script(example)
    return _behind_transforms(transform, script)


def onnx_timm(case: Case, threads: int) -> Contender:
    """Return ONNX Runtime behind timm's transforms."""
    import torch

    torch.set_num_threads(threads)
    session = open_session(case.folder / "plain.onnx", threads)

    def network(image: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(session.run(None, {"image": image.numpy()})[0])

    return _behind_transforms(make_transform(case.bundle), network)


def load_timm(case: Case, threads: int) -> tuple[Any, Any]:
    """Return timm's network with the case's weights, and its transform."""
    import torch

    import predict.eager  # noqa: F401 - prepares torchvision for timm

    import timm  # isort: skip

    torch.set_num_threads(threads)
    bundle = case.bundle
    network = timm.create_model(bundle.arch, num_classes=len(bundle.classes))
    network.load_state_dict(torch.load(case.folder / "timm.pth", weights_only=True))
    return network.eval(), make_transform(bundle)


def make_transform(bundle: Bundle) -> Any:  # noqa: ANN401 - it has no types
    """Return timm's own transform for evaluation, squeezing the whole picture."""
    import predict.eager  # noqa: F401 - prepares torchvision for timm

    from timm.data.transforms_factory import create_transform  # isort: skip

    return create_transform(
        (3, bundle.px, bundle.px), is_training=False, interpolation="bicubic",
        mean=bundle.mean, std=bundle.std, crop_pct=1.0, crop_mode="squash",
    )  # fmt: skip


def _behind_transforms(transform: Any, network: Any) -> Contender:  # noqa: ANN401 - timm's
    import torch
    from PIL import Image

    def run(image: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            logits: torch.Tensor = network(image)
            return logits

    def answer(photo: bytes) -> list[int]:
        probabilities = run(transform(open_upright(photo))[None]).softmax(1)
        likely: list[int] = probabilities.topk(TOP).indices[0].tolist()
        return likely

    return Contender(answer, lambda pixels: transform(Image.fromarray(pixels))[None], run)


def open_upright(photo: bytes) -> Any:  # noqa: ANN401 - Pillow is imported where it is used
    """Open a photo as Pillow's documentation does."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(photo)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def gemm(_case: Case, threads: int) -> Contender:
    """Return no contender but a yardstick: products of matrices, in the types by name."""
    import torch

    torch.set_num_threads(threads)
    side = GEMM_SIDE
    of = {name: torch.rand(side, side).to(getattr(torch, name)) for name in GEMM_TYPES}

    def multiply(name: bytes) -> list[int]:
        torch.mm(of[name.decode()], of[name.decode()])
        return []

    return Contender(multiply)


GEMM_SIDE = 2048
GEMM_TYPES = ("float32", "bfloat16")
GEMM_FLOPS = 2 * GEMM_SIDE**3
PEERS: dict[str, Callable[[Case, int], Contender]] = {
    "timm": timm_eager,
    "torchscript": torchscript,
    "onnx_timm": onnx_timm,
    "onnx_ours": onnx_ours,
}


def set_up(name: str, case: Case, threads: int) -> Contender:
    """Set up the contender of that name, `gemm`, or a set of instructions of ours."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if name == "litserve":
        from benchmarks.predict_client import litserve

        return litserve(case, threads)
    if name == "gemm":
        return gemm(case, threads)
    if name in PEERS:
        return PEERS[name](case, threads)
    return ours(case, threads, name)
