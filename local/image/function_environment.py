"""What surrounds the function on Lambda, and what its stack tells it, as far as trials need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.sizes import SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping

FUNCTION_NAME = "cv-location-classifier-trial-predict"
TABLE_NAME = "trial"
MEMORY_MB = SIZES["predict"].memory_mb

# As `stacks/service/predict.py` sets it on AWS; a test of the templates compares the two.
OWN_VARIABLES: Mapping[str, str] = {
    "ENVIRONMENT": "staging",
    "LOG_LEVEL": "INFO",
    "SERVICE_VERSION": "0.0.0-trial",
    "POWERTOOLS_SERVICE_NAME": "predict",
    "POWERTOOLS_METRICS_NAMESPACE": "CvLocationClassifierTrial",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    "TABLE_NAME": TABLE_NAME,
    "MODEL_ROOT": "/opt",
    "COMPILED_MODELS": "/opt/models/classifier/compiled",
    "TORCH_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TEXT_ENCODER": "minilm",
    "UPLOADS_BUCKET": "trial",
    "MAX_UPLOAD_BYTES": "26214400",
    "UPLOAD_FORMS_A_DAY": "200",
}

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, the reserved ones.
_LAMBDA: Mapping[str, str] = {
    "AWS_EXECUTION_ENV": "AWS_Lambda_Image",
    "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{FUNCTION_NAME}",
    "AWS_LAMBDA_LOG_STREAM_NAME": "trial",
    # Nobody listens: segments are datagrams.
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
    "TZ": ":UTC",
}


def function_environment(runtime_api: str, cloud: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a function that asks `runtime_api` (host:port) for work.

    `cloud` has those that send AWS clients to the local cloud.
    """
    clients = {name: value for name, value in cloud.items() if name.startswith("AWS_")}
    return {**_LAMBDA, **OWN_VARIABLES, **clients, "AWS_LAMBDA_RUNTIME_API": runtime_api}
