"""Prove, while the image of `predict` is built, that what goes into it serves.

    python prove_image.py

imports the function as Lambda will, squeezes a picture as it does and runs every compiled network.
There is no other network in the image, and Pillow instead of PyTorch would be slow: what cannot be
loaded must not be deployed.
"""

from __future__ import annotations

import os
import sys

import numpy as np

# Names that are looked up only when a request comes.
_ENVIRONMENT = {
    "ENVIRONMENT": "production",
    "TABLE_NAME": "none",
    "UPLOADS_BUCKET": "none",
    "MODEL_ROOT": "/opt",
    "COMPILED_MODELS": "/opt/models/classifier/compiled",
    "TORCH_THREADS": "1",
    "POWERTOOLS_SERVICE_NAME": "predict",
    "POWERTOOLS_METRICS_NAMESPACE": "none",
    "SERVICE_VERSION": "none",
}
# AOTInductor's own words for what it compiled for, beside oneDNN's convolutions.
_ISA_KEY, _PORTABLE_ISA = "AOTI_CPU_ISA", "AVX2"
_NO_VECTORS = "none"


def main() -> None:
    """Exit with a message where something is missing."""
    os.environ.update(_ENVIRONMENT)
    from predict import handler  # noqa: PLC0415 - reads the environment
    from predict.libtorch import LibtorchNetwork  # noqa: PLC0415
    from predict.network import load_network  # noqa: PLC0415
    from predict.squeezing import squeeze_by_pytorch  # noqa: PLC0415

    settings, bundle = handler.settings, handler.bundle
    served = load_network(bundle, settings.compiled_models, settings.torch_threads)
    if served.kind != LibtorchNetwork.kind:
        sys.exit(f"the network would be run {served.kind}: see the warnings above")
    side = 2 * bundle.px
    picture = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    pixels = squeeze_by_pytorch(picture, bundle.px)[None]
    wanted, _, _ = served.run(pixels)
    names = []
    for package in sorted(settings.compiled_models.iterdir()):
        network = LibtorchNetwork(package, bundle.weights_sha256, settings.torch_threads)
        isa = network.metadata.get(_ISA_KEY)
        if isa != _PORTABLE_ISA:
            sys.exit(f"{package.name} was compiled for {isa}, not for {_PORTABLE_ISA}")
        logits, _, _ = network.run(pixels)
        if logits.shape != (1, len(bundle.classes)) or logits.argmax() != wanted.argmax():
            sys.exit(f"{package.name} does not answer as the others, or not as the bundle says")
        names.append(package.name)
    if handler.classifier.version.endswith(_NO_VECTORS):
        sys.exit("photos would get no vectors: see the warning above")
    print(f"the image serves {bundle.model_version} by {', '.join(names)}")  # noqa: T201


if __name__ == "__main__":
    main()
