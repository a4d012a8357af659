"""Compile the bundle's network ahead of time: `python -m classifier.compile_model [SET …]`.

Writes `classifier.<set>.pt2` into `COMPILED_MODELS` (default `build/compiled`) from the bundle
below `MODEL_ROOT`, and checks that it answers like the eager network; a set is one of those in
`predict/instruction_sets.py`, `here` the fastest that this processor has (the default), `all` every
one that it has. Needs a C++ compiler.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from predict.instruction_sets import FASTEST_FIRST, InstructionSet, usable_here

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from predict.bundle import Bundle
    from predict.eager import ServedNetwork

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL_ROOT = Path(os.environ.get("MODEL_ROOT") or REPOSITORY / "model_layer" / "opt")
COMPILED_MODELS = Path(os.environ.get("COMPILED_MODELS") or REPOSITORY / "build" / "compiled")
# How many the function runs on: the order of the weights suits their number, too.
THREADS = int(os.environ.get("TORCH_THREADS") or 2)
# What is generated beside oneDNN's own code: what every processor here has.
PORTABLE_CAPABILITY, PORTABLE_BITS = "avx2", 256
# Of probability. In float32 half of a percentage point, far below what a verdict turns on; for
# bfloat16 see docs/model.md, where it is measured on photos.
TOLERANCE = {False: 5e-3, True: 5e-2}


def main() -> None:
    """Compile each set in a process of its own: what oneDNN may use is settled once in a process.

    Exits with 1 where one cannot be compiled, and leaves what was compiled before it.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=["here"], metavar="SET")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    sets = _choose(parser, wanted.sets)
    if wanted.alone:
        compile_for(sets[0])
        return
    for instructions in sets:
        command = [sys.executable, "-m", "classifier.compile_model", "--alone", instructions.name]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - this very program
            sys.exit(f"compiling for {instructions.name} failed")


def _choose(parser: argparse.ArgumentParser, names: list[str]) -> list[InstructionSet]:
    usable = usable_here()
    if not usable:
        parser.error("this processor has none of the instruction sets that there are")
    if "all" in names:
        return usable
    if "here" in names:
        return usable[:1]
    known = {instructions.name: instructions for instructions in FASTEST_FIRST}
    for name in names:
        if name not in known:
            parser.error(f"{name} is none of {', '.join(known)}")
        if known[name] not in usable:
            parser.error(f"this processor does not have {name}, so what it makes cannot be checked")
    return [known[name] for name in names]


def compile_for(instructions: InstructionSet) -> None:
    """Compile, verify, and put the package in its place."""
    os.environ["ATEN_CPU_CAPABILITY"] = PORTABLE_CAPABILITY
    instructions.hold_onednn()
    warnings.filterwarnings("ignore")

    import torch  # noqa: PLC0415 - after the capability is set

    from classifier.serving_form import put_in_serving_form  # noqa: PLC0415
    from predict.bundle import read_bundle, verify_weights  # noqa: PLC0415
    from predict.eager import build_network, channels_last  # noqa: PLC0415

    torch.set_num_threads(THREADS)
    bundle = read_bundle(MODEL_ROOT / "models" / "classifier")
    network = build_network(bundle, verify_weights(bundle))
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (1, bundle.px, bundle.px, 3), dtype=np.uint8)
    with torch.inference_mode():
        wanted = network(torch.from_numpy(pixels))[0].softmax(1).numpy()
    network.network.backbone = put_in_serving_form(
        network.network.backbone, bfloat16=instructions.bfloat16
    )
    partial = COMPILED_MODELS / f"partial.{instructions.name}.pt2"
    COMPILED_MODELS.mkdir(parents=True, exist_ok=True)
    _write_package(channels_last(network), torch.from_numpy(pixels), partial, bundle)
    worst = _largest_difference(partial, bundle, pixels, wanted)
    if worst > TOLERANCE[instructions.bfloat16]:
        partial.unlink()
        sys.exit(f"the compiled network differs from the eager one by {worst:.4f}")
    package = instructions.package(COMPILED_MODELS)
    partial.replace(package)
    size = package.stat().st_size / 1e6
    print(  # noqa: T201
        f"compiled {bundle.model_version} for {instructions.name}: {size:.1f} MB, "
        f"largest difference {worst:.1e}"
    )


def _write_package(network: ServedNetwork, pixels: Tensor, partial: Path, bundle: Bundle) -> None:
    import torch  # noqa: PLC0415 - after the environment is set
    import torch._inductor.config as inductor  # noqa: PLC0415

    from predict.libtorch import WEIGHTS_KEY  # noqa: PLC0415

    options = {
        "freezing": True,
        "cpp.simdlen": PORTABLE_BITS,
        "aot_inductor.metadata": {WEIGHTS_KEY: bundle.weights_sha256},
    }
    with torch.no_grad(), inductor.patch({"freezing": True}):
        exported = torch.export.export(network, (pixels,))
        torch._inductor.aoti_compile_and_package(  # noqa: SLF001 - its only public name
            exported, package_path=str(partial), inductor_configs=options
        )


def _largest_difference(
    package: Path, bundle: Bundle, pixels: NDArray[np.uint8], wanted: NDArray[np.float32]
) -> float:
    """Return how far any landmark's probability is from that of the eager network."""
    import torch  # noqa: PLC0415 - after the environment is set

    from predict.network import CompiledNetwork  # noqa: PLC0415

    logits = CompiledNetwork(package, bundle.weights_sha256, THREADS).run(pixels)[0]
    given = torch.from_numpy(logits).softmax(1).numpy()
    return float(np.abs(given - wanted).max())


if __name__ == "__main__":
    main()
