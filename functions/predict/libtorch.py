"""A compiled network run through PyTorch's C interface, without PyTorch's Python part.

`import torch` takes a second, four fifths of it in Python modules that a compiled network has no
use for. The network itself calls nothing but a C interface of `libtorch_cpu`, which PyTorch keeps
stable so that compiled networks outlive its versions (`torch/csrc/inductor/aoti_torch/c/shim.h`
in its headers), and is called by another (`aoti_runtime/interface.h`). This module calls the same
two by ctypes: a fifth of a second, and 80 MB less.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Outputs = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

WEIGHTS_KEY = "weights_sha256"
"""Names, in a compiled package's metadata, the weights that it was compiled from."""
_OUTPUTS = 3
_COPIED_AT_ONCE = 1 << 20
# glibc's numbers for what `mallopt` sets, and to what: it gives memory back to Linux and takes it
# again for every photo, and Linux fills 3,500 pages with zeros each time. Measured on two cores, a
# photo of one megapixel took 42 ms instead of 49 by EfficientNet-B3, and 37 instead of 43 by the
# shipped network; the most memory is the same. 32 MiB is the most that glibc takes for the second.
_KEEP_MEMORY = {-1: 128 << 20, -3: 32 << 20}  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD

_Handle = ctypes.c_void_p
_Int64 = ctypes.c_int64
_Int64s = ctypes.POINTER(_Int64)
_Handles = ctypes.POINTER(_Handle)

# What is called, with its arguments; all return an error code, 0 if there was none.
_TENSORS: dict[str, list[Any]] = {
    "aoti_torch_create_tensor_from_blob": [
        _Handle, _Int64, _Int64s, _Int64s, _Int64,
        ctypes.c_int32, ctypes.c_int32, ctypes.c_int32, _Handles,
    ],
    "aoti_torch_delete_tensor_object": [_Handle],
    "aoti_torch_get_data_ptr": [_Handle, _Handles],
    "aoti_torch_get_dim": [_Handle, _Int64s],
    "aoti_torch_get_sizes": [_Handle, ctypes.POINTER(_Int64s)],
    "aoti_torch_get_strides": [_Handle, ctypes.POINTER(_Int64s)],
    "aoti_torch_get_dtype": [_Handle, ctypes.POINTER(ctypes.c_int32)],
}  # fmt: skip
_NETWORK: dict[str, list[Any]] = {
    "AOTInductorModelContainerCreateWithDevice": [
        _Handles, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_char_p,
    ],
    "AOTInductorModelContainerRun": [
        _Handle, _Handles, ctypes.c_size_t, _Handles, ctypes.c_size_t, _Handle, _Handle,
    ],
}  # fmt: skip


class LibtorchError(Exception):
    """The libraries are not there or not as expected, or the package cannot be run by them."""


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
            self._torch = _load_libtorch()
            with ZipFile(package) as archive:
                self.metadata = _read_metadata(archive)
                if self.metadata.get(WEIGHTS_KEY) != weights_sha256:
                    message = f"{package} was compiled from other weights"
                    raise LibtorchError(message)
                self._library = _load_network(archive)
        except (OSError, BadZipFile, KeyError, ValueError, AttributeError) as error:
            message = f"{package} cannot be loaded: {error}"
            raise LibtorchError(message) from error
        self._torch.omp_set_num_threads(threads)
        self._container = _Handle()
        _check(
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
        given, taken = (_Handle * 1)(self._wrap(pixels)), (_Handle * _OUTPUTS)()
        _check(
            self._library.AOTInductorModelContainerRun(
                self._container, given, 1, taken, _OUTPUTS, None, None
            )
        )
        for handle in taken:
            try:
                yield self._copy(handle)
            finally:
                _check(self._torch.aoti_torch_delete_tensor_object(handle))

    def _wrap(self, pixels: NDArray[np.uint8]) -> _Handle:
        """Return a tensor over the array's own memory; elements of a byte, strides in elements."""
        dimensions = _Int64 * pixels.ndim
        handle = _Handle()
        _check(
            self._torch.aoti_torch_create_tensor_from_blob(
                pixels.ctypes.data, pixels.ndim, dimensions(*pixels.shape),
                dimensions(*pixels.strides), 0, self._torch.aoti_torch_dtype_uint8(),
                self._torch.aoti_torch_device_type_cpu(), 0, ctypes.byref(handle),
            )
        )  # fmt: skip
        return handle

    def _copy(self, handle: int | None) -> NDArray[np.float32]:
        dtype, dim, data = ctypes.c_int32(), _Int64(), _Handle()
        sizes, strides = _Int64s(), _Int64s()
        torch = self._torch
        _check(torch.aoti_torch_get_dtype(handle, ctypes.byref(dtype)))
        _check(torch.aoti_torch_get_dim(handle, ctypes.byref(dim)))
        _check(torch.aoti_torch_get_sizes(handle, ctypes.byref(sizes)))
        _check(torch.aoti_torch_get_strides(handle, ctypes.byref(strides)))
        _check(torch.aoti_torch_get_data_ptr(handle, ctypes.byref(data)))
        shape, steps = sizes[: dim.value], strides[: dim.value]
        if dtype.value != torch.aoti_torch_dtype_float32():
            message = "the network's outputs are not float32"
            raise LibtorchError(message)
        if 0 in shape:
            return np.zeros(shape, np.float32)
        reach = 1 + sum((size - 1) * step for size, step in zip(shape, steps, strict=True))
        values = np.ctypeslib.as_array(ctypes.cast(data, ctypes.POINTER(ctypes.c_float)), (reach,))
        width = values.itemsize
        view = np.lib.stride_tricks.as_strided(values, shape, [step * width for step in steps])
        return view.copy()


@cache
def _load_libtorch() -> Any:  # noqa: ANN401 - ctypes makes its members at run time
    """Load what compiled networks are linked against.

    Looking for a package does not import it. The names are for all to see, since networks do not
    say where they have them from.

    Raises:
        OSError: it is not there.
        AttributeError: it has no such function.

    """
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        message = "there is no PyTorch"
        raise OSError(message)
    folder = Path(found.origin).parent / "lib"
    library = ctypes.CDLL(str(folder / "libtorch_cpu.so"), ctypes.RTLD_GLOBAL)
    _keep_memory()
    return _declare(library, _TENSORS)


def _keep_memory() -> None:
    """Let malloc keep what one photo took for the next one; other libraries than glibc may not."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in _KEEP_MEMORY.items():
            mallopt(parameter, value)


def _load_network(archive: ZipFile) -> Any:  # noqa: ANN401 - as above
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
        return _declare(ctypes.CDLL(unpacked.name), _NETWORK)


def _read_metadata(archive: ZipFile) -> dict[str, str]:
    (name,) = (name for name in archive.namelist() if name.endswith(".wrapper_metadata.json"))
    metadata: dict[str, str] = json.loads(archive.read(name))
    return metadata


def _declare(library: Any, functions: dict[str, list[Any]]) -> Any:  # noqa: ANN401 - as above
    for name, arguments in functions.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, ctypes.c_int32
    return library


def _check(code: int) -> None:
    if code:
        message = f"PyTorch's C interface refused, with code {code}; its reason is on stderr"
        raise LibtorchError(message)
