"""PyTorch's C interface, called by ctypes: its library without its Python part.

`import torch` takes a second, four fifths of it in Python modules that nothing here has a use for.
PyTorch keeps these functions stable, so that compiled networks and extensions outlive its versions
(`torch/csrc/inductor/aoti_torch/c/shim.h` and `torch/csrc/stable/c/shim.h` in its headers). Loading
the library takes a fifth of a second, and 80 MB less than the import.
"""

from __future__ import annotations

import ctypes
import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Handle = ctypes.c_void_p
Handles = ctypes.POINTER(Handle)
# Arguments and results of an operator, whatever their type, have 64 bits each.
Values = ctypes.POINTER(ctypes.c_uint64)
_Int32, _Int64 = ctypes.c_int32, ctypes.c_int64
_Int64s = ctypes.POINTER(_Int64)

# What is called, with its arguments; all return an error code, 0 if there was none.
_FUNCTIONS: dict[str, list[Any]] = {
    "aoti_torch_create_tensor_from_blob": [
        Handle, _Int64, _Int64s, _Int64s, _Int64, _Int32, _Int32, _Int32, Handles,
    ],
    "aoti_torch_delete_tensor_object": [Handle],
    "aoti_torch_get_data_ptr": [Handle, Handles],
    "aoti_torch_get_dim": [Handle, _Int64s],
    "aoti_torch_get_sizes": [Handle, ctypes.POINTER(_Int64s)],
    "aoti_torch_get_strides": [Handle, ctypes.POINTER(_Int64s)],
    "aoti_torch_get_dtype": [Handle, ctypes.POINTER(_Int32)],
    "torch_call_dispatcher": [ctypes.c_char_p, ctypes.c_char_p, Values, ctypes.c_uint64],
    "torch_new_list_reserve_size": [ctypes.c_size_t, Handles],
    "torch_list_push_back": [Handle, ctypes.c_uint64],
}  # fmt: skip
# glibc's numbers for what `mallopt` sets, and to what: it gives memory back to Linux and takes it
# again for every photo, and Linux fills 3,500 pages with zeros each time. Measured on two cores, a
# photo of one megapixel took 42 ms instead of 49 by EfficientNet-B3, and 37 instead of 43 by the
# shipped network; the most memory is the same. 32 MiB is the most that glibc takes for the second.
_KEEP_MEMORY = {-1: 128 << 20, -3: 32 << 20}  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD


class LibtorchError(Exception):
    """The library is not there or not as expected, or has refused what it was asked for."""


@cache
def load_libtorch() -> Any:  # noqa: ANN401 - ctypes makes its members at run time
    """Load what compiled networks are linked against.

    Looking for a package does not import it. The names are for all to see, since networks do not
    say where they have them from.

    Raises:
        LibtorchError: it is not there, or has no such functions.

    """
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        message = "there is no PyTorch"
        raise LibtorchError(message)
    path = Path(found.origin).parent / "lib" / "libtorch_cpu.so"
    try:
        library = declare(ctypes.CDLL(str(path), ctypes.RTLD_GLOBAL), _FUNCTIONS)
    except (OSError, AttributeError) as error:
        raise LibtorchError(str(error)) from error
    _keep_memory()
    return library


def _keep_memory() -> None:
    """Let malloc keep what one photo took for the next one; other libraries than glibc may not."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in _KEEP_MEMORY.items():
            mallopt(parameter, value)


def declare(library: Any, functions: dict[str, list[Any]]) -> Any:  # noqa: ANN401 - as above
    """Tell ctypes what the functions of a library take.

    Raises:
        AttributeError: it has not all of them.

    """
    for name, arguments in functions.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, _Int32
    return library


def check(code: int) -> None:
    """Raise `LibtorchError` for a code that is not 0."""
    if code:
        message = f"PyTorch's C interface refused, with code {code}; its reason is on stderr"
        raise LibtorchError(message)


def wrap(bytes_: NDArray[np.uint8]) -> Handle:
    """Return a tensor over an array's own memory, which has to outlive it."""
    torch = load_libtorch()
    dimensions = _Int64 * bytes_.ndim
    handle = Handle()
    # Elements have one byte, so that numpy's strides are PyTorch's.
    check(
        torch.aoti_torch_create_tensor_from_blob(
            bytes_.ctypes.data, bytes_.ndim, dimensions(*bytes_.shape),
            dimensions(*bytes_.strides), 0, torch.aoti_torch_dtype_uint8(),
            torch.aoti_torch_device_type_cpu(), 0, ctypes.byref(handle),
        )
    )  # fmt: skip
    return handle


def take_floats(handle: int | None) -> NDArray[np.float32]:
    """Copy a tensor of float32, whatever its order in memory, and delete it."""
    return _take(handle, np.dtype(np.float32), load_libtorch().aoti_torch_dtype_float32())


def take_bytes(handle: int | None) -> NDArray[np.uint8]:
    """Copy a tensor of uint8, whatever its order in memory, and delete it."""
    return _take(handle, np.dtype(np.uint8), load_libtorch().aoti_torch_dtype_uint8())


def _take(handle: int | None, dtype: np.dtype[Any], torchs: int) -> NDArray[Any]:
    torch = load_libtorch()
    try:
        return _copy(torch, handle, dtype, torchs)
    finally:
        check(torch.aoti_torch_delete_tensor_object(handle))


def _copy(torch: Any, handle: int | None, dtype: np.dtype[Any], torchs: int) -> NDArray[Any]:  # noqa: ANN401 - as above
    given, dim, data = _Int32(), _Int64(), Handle()
    sizes, strides = _Int64s(), _Int64s()
    check(torch.aoti_torch_get_dtype(handle, ctypes.byref(given)))
    check(torch.aoti_torch_get_dim(handle, ctypes.byref(dim)))
    check(torch.aoti_torch_get_sizes(handle, ctypes.byref(sizes)))
    check(torch.aoti_torch_get_strides(handle, ctypes.byref(strides)))
    check(torch.aoti_torch_get_data_ptr(handle, ctypes.byref(data)))
    shape, steps = sizes[: dim.value], strides[: dim.value]
    if given.value != torchs:
        message = f"PyTorch has computed something else than {dtype}"
        raise LibtorchError(message)
    if 0 in shape:
        return np.zeros(shape, dtype)
    reach = 1 + sum((size - 1) * step for size, step in zip(shape, steps, strict=True))
    memory = ctypes.cast(data, ctypes.POINTER(ctypes.c_uint8))
    values = np.ctypeslib.as_array(memory, (reach * dtype.itemsize,)).view(dtype)
    view = np.lib.stride_tricks.as_strided(values, shape, [step * dtype.itemsize for step in steps])
    # In its own order in memory: to put a picture in another takes 0.3 ms.
    return view.copy(order="K")
