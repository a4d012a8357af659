"""Prove, while the image of `predict` is built, that what goes into it serves.

    python prove_image.py

imports the function as Lambda will and runs the compiled network. There is no other network in the
image: one that cannot be loaded must not be deployed.
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
    "COMPILED_MODEL_PATH": "/opt/models/classifier/classifier.pt2",
    "POWERTOOLS_SERVICE_NAME": "predict",
    "POWERTOOLS_METRICS_NAMESPACE": "none",
    "SERVICE_VERSION": "none",
}
# AOTInductor's own words for what it compiled for.
_ISA_KEY, _PORTABLE_ISA = "AOTI_CPU_ISA", "AVX2"
_NO_VECTORS = "none"


def main() -> None:
    """Exit with a message where something is missing."""
    os.environ.update(_ENVIRONMENT)
    from predict import handler  # noqa: PLC0415 - reads the environment
    from predict.network import CompiledNetwork  # noqa: PLC0415

    settings, bundle = handler.settings, handler.bundle
    network = CompiledNetwork(settings.compiled_model_path, bundle.weights_sha256)
    isa = network.metadata.get(_ISA_KEY)
    if isa != _PORTABLE_ISA:
        sys.exit(f"the model was compiled for {isa}, not for {_PORTABLE_ISA}")
    logits, _, _ = network.run(np.zeros((1, bundle.px, bundle.px, 3), np.uint8))
    if logits.shape != (1, len(bundle.classes)) or not np.isfinite(logits).all():
        sys.exit("the compiled model does not answer as the bundle says")
    if handler.classifier.version.endswith(_NO_VECTORS):
        sys.exit("photos would get no vectors: see the warning above")
    print(f"the image serves {bundle.model_version}, compiled for {isa}")  # noqa: T201


if __name__ == "__main__":
    main()
