"""A compiled network run through PyTorch's C interface, without PyTorch's Python part.

The network itself calls nothing but functions of `c_interface.py`, and is called by another such
interface (`aoti_runtime/interface.h` in PyTorch's headers).
"""

from __future__ import annotations

import ctypes
import json
import shutil
import tempfile
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from predict.c_interface import (
    Handle,
    Handles,
    LibtorchError,
    check,
    declare,
    load_libtorch,
    take_floats,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Outputs = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

WEIGHTS_KEY = "weights_sha256"
"""Names, in a compiled package's metadata, the weights that it was compiled from."""
_OUTPUTS = 3
_COPIED_AT_ONCE = 1 << 20

# What is called, with its arguments; all return an error code, 0 if there was none.
_FUNCTIONS: dict[str, list[Any]] = {
    "AOTInductorModelContainerCreateWithDevice": [
        Handles, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_char_p,
    ],
    "AOTInductorModelContainerRun": [
        Handle, Handles, ctypes.c_size_t, Handles, ctypes.c_size_t, Handle, Handle,
    ],
}  # fmt: skip


class LibtorchNetwork:
    """An AOTInductor package; see `predict.network.Network`.

    `metadata` is what was written into the package when it was compiled.
    """

    kind = "compiled"

    def __init__(self, package: Path, weights_sha256: str, threads: int) -> None:
        """Load the package; computing takes `threads` of whichever thread calls this.

        Raises:
            LibtorchError: it cannot be loaded, or was compiled from other weights.

        """
        try:
            torch = load_libtorch()
            with ZipFile(package) as archive:
                self.metadata = _read_metadata(archive)
                if self.metadata.get(WEIGHTS_KEY) != weights_sha256:
                    message = f"{package} was compiled from other weights"
                    raise LibtorchError(message)
                self._library = _load_network(archive)
        except (OSError, BadZipFile, KeyError, ValueError, AttributeError) as error:
            message = f"{package} cannot be loaded: {error}"
            raise LibtorchError(message) from error
        torch.omp_set_num_threads(threads)
        self._container = Handle()
        check(
            self._library.AOTInductorModelContainerCreateWithDevice(
                ctypes.byref(self._container), 1, b"cpu", None
            )
        )

    def run(self, pixels: NDArray[np.uint8]) -> Outputs:
        """See `Network.run`; photos go through one at a time, as the package was compiled.

        Raises:
            LibtorchError: the network cannot take them.

        """
        rows = [list(self._run_one(np.ascontiguousarray(photo[None]))) for photo in pixels]
        logits, scene, features = (np.concatenate(column) for column in zip(*rows, strict=True))
        return logits, scene, features

    def _run_one(self, pixels: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
        # The network takes hold of the input's handle, and gives those of the outputs away.
        given, taken = (Handle * 1)(wrap(pixels)), (Handle * _OUTPUTS)()
        check(
            self._library.AOTInductorModelContainerRun(
                self._container, given, 1, taken, _OUTPUTS, None, None
            )
        )
        return map(take_floats, taken)


def _load_network(archive: ZipFile) -> Any:  # noqa: ANN401 - ctypes makes its members at run time
    """Load the library in a package. Mapped once, it needs no file any more."""
    names = [name for name in archive.namelist() if name.endswith(".so")]
    described = [name for name in archive.namelist() if name.endswith(".json")]
    if len(names) != 1 or not all(name.endswith("_metadata.json") for name in described):
        # Another JSON lists operators that PyTorch would have to call for the network.
        message = "it is not one library that computes everything itself"
        raise LibtorchError(message)
    with tempfile.NamedTemporaryFile(suffix=".so") as unpacked, archive.open(names[0]) as packed:
        shutil.copyfileobj(packed, unpacked, _COPIED_AT_ONCE)
        unpacked.flush()
        return declare(ctypes.CDLL(unpacked.name), _FUNCTIONS)


def _read_metadata(archive: ZipFile) -> dict[str, str]:
    (name,) = (name for name in archive.namelist() if name.endswith(".wrapper_metadata.json"))
    metadata: dict[str, str] = json.loads(archive.read(name))
    return metadata
