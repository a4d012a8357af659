"""Every variable that some function reads when it is imported, with values that lead nowhere.

For what imports handlers without a deployment: the API's description, and benchmarks. What a
deployment sets is in `stacks/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.deployment import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES: Mapping[str, str] = {
    "ENVIRONMENT": "local",
    "SERVICE_VERSION": "0",
    "POWERTOOLS_METRICS_NAMESPACE": "stand-in",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "TABLE_NAME": "none",
    "UPLOADS_BUCKET": "none",
    "JWT_KEYS_PARAMETER": "/stand-in/jwt-keys",
    "JWT_ISSUER": "https://issuer.test",
    "JWT_AUDIENCE": "stand-in",
    "ACCESS_TOKEN_TTL_SECONDS": "1800",
    "REFRESH_TOKEN_TTL_SECONDS": "2592000",
    "REFRESH_REUSE_GRACE_SECONDS": "30",
    "BCRYPT_COST": "12",
    "PASSWORDS_PER_EMAIL": "5",
    "SIGN_IN_FAILURES_PER_NETWORK": "50",
    "SIGN_UPS_PER_NETWORK": "20",
    "RESETS_PER_NETWORK": "10",
    "MODEL_ROOT": str(ROOT / "model_layer" / "opt"),
    "COMPILED_MODELS": str(ROOT / "build" / "none"),
    "PREDICT_FUNCTION_NAME": "none",
    "VISION_TOKEN_PARAMETER": "/stand-in/token",
}
