"""How fast `recommend` scans its vectors, beside how fast the machine reads memory."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.timing import interleave, spread_of
from recommend.quantized import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from recommend.embeddings import Embeddings

# As `benchmarks.machine.read_speed` reads.
_READ_BYTES = 256 * 1024 * 1024
_FLOAT_BYTES = 4


def scan_of(embeddings: Embeddings) -> tuple[int, Callable[[NDArray[np.float32]], object]]:
    """Return the bytes that a query reads of every landmark, and what reads them.

    Where the rows are quantised: their codes, half a byte a value in whole blocks, with a scale a
    block and an error a row. Where they are not: the matrix. What is read of the few that may be
    among the best comes on top and is not counted.
    """
    if embeddings.quantized is None:
        return embeddings.matrix.nbytes, embeddings.similarities
    landmarks, views, dimension = embeddings.matrix.shape
    blocks = -(-dimension // BLOCK)
    row_bytes = blocks * (BLOCK // 2 + _FLOAT_BYTES) + _FLOAT_BYTES
    return landmarks * views * row_bytes, embeddings.quantized.upper_bounds


def measure_scan(
    embeddings: Embeddings, queries: Sequence[NDArray[np.float32]], rounds: int
) -> dict[str, Any]:
    """Return the speed of the scan and that of reading memory on all cores, in turns."""
    scanned_bytes, scan = scan_of(embeddings)
    cores = os.cpu_count() or 1
    parts = np.array_split(np.ones(_READ_BYTES // 8, dtype=np.int64), cores)
    with ThreadPoolExecutor(cores) as pool:
        times = interleave(
            {
                "scan": lambda turn: scan(queries[turn % len(queries)]),
                "memory": lambda _: list(pool.map(np.max, parts)),
            },
            rounds=rounds,
        )
    scans = [scanned_bytes / ms / 1e6 for ms in times["scan"]]
    reads = [_READ_BYTES / ms / 1e6 for ms in times["memory"]]
    return {
        "bytes": scanned_bytes,
        "quantized": embeddings.quantized is not None,
        "time": asdict(spread_of(times["scan"])),
        "speed": asdict(spread_of(scans, "GB/s")),
        "memory_speed": asdict(spread_of(reads, "GB/s")),
        "share": asdict(
            spread_of([one / other for one, other in zip(scans, reads, strict=True)], "ratio")
        ),
    }
