"""Every route that the functions declare.

Handlers read their settings when they are imported, so they get an environment here. Nothing of it
is in the description, and nothing is called.
"""

from __future__ import annotations

import importlib
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

if TYPE_CHECKING:
    from common.http import Route

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"
_ENVIRONMENT = {
    "ENVIRONMENT": "local",
    "SERVICE_VERSION": "0",
    "POWERTOOLS_SERVICE_NAME": "openapi",
    "POWERTOOLS_METRICS_NAMESPACE": "openapi",
    "AWS_DEFAULT_REGION": "us-east-1",
    "TABLE_NAME": "table",
    "UPLOADS_BUCKET": "uploads",
    "JWT_KEYS_PARAMETER": "/keys",
    "JWT_ISSUER": "issuer",
    "JWT_AUDIENCE": "audience",
    "ACCESS_TOKEN_TTL_SECONDS": "1800",
    "REFRESH_TOKEN_TTL_SECONDS": "2592000",
    "REFRESH_REUSE_GRACE_SECONDS": "30",
    "BCRYPT_COST": "12",
    "PASSWORDS_PER_EMAIL": "5",
    "SIGN_IN_FAILURES_PER_NETWORK": "50",
    "SIGN_UPS_PER_NETWORK": "20",
    "RESETS_PER_NETWORK": "10",
    "MODEL_ROOT": str(ROOT / "model_layer" / "opt"),
    "COMPILED_MODELS": "/none",
    "PREDICT_FUNCTION_NAME": "predict",
    "VISION_TOKEN_PARAMETER": "/token",
}
# What `predict` loads with its handler, and what is made of it. The description needs no network,
# and holds also while a new one is being made.
_NOT_LOADED = (
    "predict.bundle.read_bundle",
    "predict.network.load_network",
    "predict.embedders.load_embedder",
    "predict.classify.Classifier",
)


def load_routes() -> list[Route]:
    """Import the handlers and return their routes, function by function."""
    os.environ.update(_ENVIRONMENT)
    os.environ.pop("AWS_LAMBDA_INITIALIZATION_TYPE", None)
    routes: list[Route] = []
    with ExitStack() as stack:
        for name in _NOT_LOADED:
            stack.enter_context(mock.patch(name))
        for handler in sorted(FUNCTIONS.glob("*/handler.py")):
            module = importlib.import_module(f"{handler.parent.name}.handler")
            # The authorizer stands in front of the routes and has none itself.
            api = getattr(module, "api", None)
            routes += api.routes if api else ()
    return routes
