"""Compile the bundle's network ahead of time for a portable CPU (AVX2).

    python -m classifier.compile_model

writes `COMPILED_MODEL_PATH` (default `build/compiled/classifier.pt2`) from the bundle below
`MODEL_ROOT`, and checks that it answers like the eager network. Needs a C++ compiler.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL_ROOT = Path(os.environ.get("MODEL_ROOT") or REPOSITORY / "model_layer" / "opt")
COMPILED = Path(
    os.environ.get("COMPILED_MODEL_PATH") or REPOSITORY / "build" / "compiled" / "classifier.pt2"
)
# What every x86-64 machine that Lambda runs on has; the machine at hand may have more.
PORTABLE_CAPABILITY = "avx2"
# Half of a percentage point of probability: far below what a verdict turns on.
TOLERANCE = 5e-3


def main() -> None:
    """Compile, verify, and put the package in its place."""
    os.environ["ATEN_CPU_CAPABILITY"] = PORTABLE_CAPABILITY
    warnings.filterwarnings("ignore")

    import torch  # noqa: PLC0415 - after the capability is set
    import torch._inductor.config as inductor  # noqa: PLC0415

    from predict.bundle import read_bundle, verify_weights  # noqa: PLC0415
    from predict.eager import build_network  # noqa: PLC0415
    from predict.network import WEIGHTS_KEY, CompiledNetwork  # noqa: PLC0415

    bundle = read_bundle(MODEL_ROOT / "models" / "classifier")
    network = build_network(bundle, verify_weights(bundle))
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (1, bundle.px, bundle.px, 3), dtype=np.uint8)
    options = {
        "freezing": True,
        "cpp.simdlen": 256,
        "aot_inductor.metadata": {WEIGHTS_KEY: bundle.weights_sha256},
    }
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    partial = COMPILED.with_name("partial.pt2")
    with torch.no_grad(), inductor.patch({"freezing": True}):
        exported = torch.export.export(network, (torch.from_numpy(pixels),))
        torch._inductor.aoti_compile_and_package(  # noqa: SLF001 - its only public name
            exported, package_path=str(partial), inductor_configs=options
        )
        wanted = network(torch.from_numpy(pixels))[0].softmax(1).numpy()
    logits = CompiledNetwork(partial, bundle.weights_sha256).run(pixels)[0]
    given = torch.from_numpy(logits).softmax(1).numpy()
    worst = float(np.abs(given - wanted).max())
    if worst > TOLERANCE:
        partial.unlink()
        sys.exit(f"the compiled network differs from the eager one by {worst:.4f}")
    partial.replace(COMPILED)
    size = COMPILED.stat().st_size / 1e6
    print(f"compiled {bundle.model_version}: {size:.1f} MB, largest difference {worst:.1e}")  # noqa: T201


if __name__ == "__main__":
    main()
