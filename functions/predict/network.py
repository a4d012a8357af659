"""Running the network: compiled ahead of time where that works, else eager PyTorch.

Both take photos as they are, `(n, px, px, 3)` uint8, and give landmark logits, scene logits and
pooled features; normalisation is part of the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import torch

from common.observability import logger
from predict.bundle import verify_weights

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from predict.bundle import Bundle

    Outputs = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

WEIGHTS_KEY = "weights_sha256"
"""Names, in a compiled package's metadata, the weights that it was compiled from."""


class NetworkMissingError(Exception):
    """There is neither a compiled network nor what would build one."""


class Network(Protocol):
    """`kind` says how it runs."""

    kind: str

    def run(self, pixels: NDArray[np.uint8]) -> Outputs:
        """Return landmark logits `(n, c)`, scene logits `(n, 1000)` and features `(n, d)`."""
        ...


class CompiledNetwork:
    """An AOTInductor package, loaded by PyTorch's own loader class.

    `metadata` is what was written into it when it was compiled.
    `torch._inductor.aoti_load_package` would import two seconds of compiler code to do the same.
    """

    kind = "compiled"

    def __init__(self, path: Path, weights_sha256: str) -> None:
        """Load the package at `path`.

        Raises:
            RuntimeError: it cannot be loaded, or was compiled from other weights.

        """
        run_single_threaded, runners, device_index = False, 1, -1
        self._loader = torch._C._aoti.AOTIModelPackageLoader(  # noqa: SLF001 - see the class
            str(path), "model", run_single_threaded, runners, device_index
        )
        self.metadata: dict[str, str] = self._loader.get_metadata()
        if self.metadata.get(WEIGHTS_KEY) != weights_sha256:
            message = f"{path} was compiled from other weights"
            raise RuntimeError(message)

    def run(self, pixels: NDArray[np.uint8]) -> Outputs:
        """See `Network.run`; photos go through one at a time, as the package was compiled."""
        rows: list[list[Tensor]] = [
            self._loader.boxed_run([torch.from_numpy(photo[None])]) for photo in pixels
        ]
        logits, scene, features = (torch.cat(column).numpy() for column in zip(*rows, strict=True))
        return logits, scene, features


class EagerNetwork:
    """The same network in eager PyTorch, built by timm."""

    kind = "eager"

    def __init__(self, bundle: Bundle) -> None:
        """Build the network and fill it from the bundle's weights.

        Raises:
            ImportError: there is no timm here.
            BundleError: the weights do not match their checksum.

        """
        from predict.eager import build_network  # noqa: PLC0415 - imports timm, which is slow

        self._network = build_network(bundle, verify_weights(bundle))

    def run(self, pixels: NDArray[np.uint8]) -> Outputs:
        """See `Network.run`."""
        with torch.inference_mode():
            logits, scene, features = self._network(torch.from_numpy(pixels))
        return logits.numpy(), scene.numpy(), features.numpy()


def load_network(bundle: Bundle, compiled: Path, threads: int) -> Network:
    """Load the compiled package if it is there, fits the bundle and runs; else build the network.

    The image of `predict` has nothing to build it with: there the compiled one has to load.

    Raises:
        NetworkMissingError: neither is possible, for want of timm.
        BundleError: neither is possible, because the weights are damaged.

    """
    torch.set_num_threads(threads)
    refusal = "it is not there"
    if compiled.is_file():
        try:
            return CompiledNetwork(compiled, bundle.weights_sha256)
        except (RuntimeError, AttributeError) as error:
            refusal = str(error)[:200]
            logger.warning("compiled model refused", extra={"reason": refusal})
    try:
        return EagerNetwork(bundle)
    except ImportError as error:
        message = f"{compiled} cannot be loaded ({refusal}), and nothing here builds it ({error})"
        raise NetworkMissingError(message) from error
