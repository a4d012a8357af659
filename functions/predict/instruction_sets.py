"""The processors that the network is compiled for, and which of them this one is.

A compiled network holds its weights in the order in which one instruction set wants them. oneDNN,
asked for a convolution with another one, puts them in order anew for every photo: measured on two
cores, EfficientNet-B3 compiled for AVX-512 took 100 ms with AVX2 instead of 45. So there is a
package for each, and oneDNN is held to what the package was compiled for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Read by oneDNN when it is first used.
_ONEDNN_LIMIT = "ONEDNN_MAX_CPU_ISA"
_PROCESSOR = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class InstructionSet:
    """What a package is compiled for; `bfloat16` says whether it computes in that.

    `flags` are Linux's names for what a processor has to have.
    """

    name: str
    onednn_name: str
    flags: frozenset[str]
    bfloat16: bool = False

    def package(self, directory: Path) -> Path:
        """Return where the network compiled for it lies."""
        return directory / f"classifier.{self.name}.pt2"

    def hold_onednn(self) -> None:
        """Let oneDNN use no newer instructions; too late once it has computed anything."""
        os.environ[_ONEDNN_LIMIT] = self.onednn_name


_AVX2 = frozenset({"avx2", "fma"})
_AVX512 = _AVX2 | {"avx512f", "avx512bw", "avx512dq", "avx512vl"}
# The first computes twice as much at once. Every x86-64 machine that Lambda runs on has the last.
FASTEST_FIRST = (
    InstructionSet("bf16", "AVX512_CORE_BF16", _AVX512 | {"avx512_bf16"}, bfloat16=True),
    InstructionSet("avx512", "AVX512_CORE", _AVX512),
    InstructionSet("avx2", "AVX2", _AVX2),
)


def usable_here() -> list[InstructionSet]:
    """Return the instruction sets that this processor has, the fastest first."""
    return [instructions for instructions in FASTEST_FIRST if instructions.flags <= _flags()]


@cache
def _flags() -> frozenset[str]:
    """Return Linux's flags of the first core; without Linux there are none to be sure of."""
    try:
        lines = _PROCESSOR.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())
