"""Running the network: compiled ahead of time where that works, else eager PyTorch.

All take photos as they are, `(n, px, px, 3)` uint8, and give landmark logits, scene logits and
pooled features; normalisation is part of the network. A compiled one is run through PyTorch's C
interface (`libtorch.py`); its Python part, which takes a second to import, is the way round where
that does not work, and the way to the eager one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from common.observability import logger
from predict.bundle import verify_weights
from predict.c_interface import LibtorchError
from predict.instruction_sets import usable_here
from predict.libtorch import WEIGHTS_KEY, LibtorchNetwork

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from predict.bundle import Bundle

    Outputs = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

_REASON_CHARACTERS = 200


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

    kind = "compiled, by PyTorch's loader"

    def __init__(self, path: Path, weights_sha256: str, threads: int) -> None:
        """Load the package at `path`.

        Raises:
            RuntimeError: it cannot be loaded, or was compiled from other weights.

        """
        import torch  # noqa: PLC0415 - takes a second, and is rarely needed

        torch.set_num_threads(threads)
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
        import torch  # noqa: PLC0415 - as above

        rows: list[list[Tensor]] = [
            self._loader.boxed_run([torch.from_numpy(photo[None])]) for photo in pixels
        ]
        logits, scene, features = (torch.cat(column).numpy() for column in zip(*rows, strict=True))
        return logits, scene, features


class EagerNetwork:
    """The same network in eager PyTorch, built by timm."""

    kind = "eager"

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        """Build the network and fill it from the bundle's weights.

        Raises:
            ImportError: there is no timm here.
            BundleError: the weights do not match their checksum.

        """
        import torch  # noqa: PLC0415 - as above

        from predict.eager import build_network  # noqa: PLC0415 - imports timm, which is slow

        if threads is not None:
            torch.set_num_threads(threads)
        self._network = build_network(bundle, verify_weights(bundle))

    def run(self, pixels: NDArray[np.uint8]) -> Outputs:
        """See `Network.run`."""
        import torch  # noqa: PLC0415 - as above

        with torch.inference_mode():
            logits, scene, features = self._network(torch.from_numpy(pixels))
        return logits.numpy(), scene.numpy(), features.numpy()


def load_network(bundle: Bundle, compiled: Path, threads: int) -> Network:
    """Load the fastest package below `compiled` that this processor runs; else build the network.

    The image of `predict` has nothing to build it with: there a compiled one has to load.

    Raises:
        NetworkMissingError: neither is possible, for want of timm.
        BundleError: neither is possible, because the weights are damaged.

    """
    for instructions in usable_here():
        package = instructions.package(compiled)
        if package.is_file():
            instructions.hold_onednn()
            network = _load_package(package, bundle.weights_sha256, threads)
            if network is not None:
                logger.info(
                    "network loaded", extra={"network": network.kind, "set": instructions.name}
                )
                return network
    try:
        network = EagerNetwork(bundle, threads)
    except ImportError as error:
        message = f"no package in {compiled} can be loaded, and nothing here builds it ({error})"
        raise NetworkMissingError(message) from error
    logger.info("network loaded", extra={"network": network.kind})
    return network


def _load_package(package: Path, weights_sha256: str, threads: int) -> Network | None:
    try:
        return LibtorchNetwork(package, weights_sha256, threads)
    except LibtorchError as error:
        _warn(package, error)
    try:
        return CompiledNetwork(package, weights_sha256, threads)
    except (ImportError, RuntimeError, AttributeError) as error:
        _warn(package, error)
        return None


def _warn(package: Path, error: Exception) -> None:
    reason = str(error)[:_REASON_CHARACTERS]
    logger.warning("compiled model refused", extra={"package": package.name, "reason": reason})
