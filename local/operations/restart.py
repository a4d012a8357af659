"""Make the functions forget the keys that they remember, at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from local.operations.target import Target

# Those that read the signing keys.
KEY_READERS = ("auth", "authorizer")
# A changed environment ends the warm instances of a function. The next deployment removes it.
MARK = "SIGNING_KEYS_CHANGED_AT"


def restart_key_readers(target: Target) -> None:
    """Give every function that reads the keys new instances, and wait until they are there."""
    functions = target.client("lambda")
    names = [f"cv-location-classifier-{target.settings.environment}-{name}" for name in KEY_READERS]
    for name in names:
        before = functions.get_function_configuration(FunctionName=name)
        functions.update_function_configuration(
            FunctionName=name,
            # Refused if somebody deploys at this very moment.
            RevisionId=before["RevisionId"],
            Environment={"Variables": {**before["Environment"]["Variables"], MARK: _now()}},
        )
    for name in names:
        functions.get_waiter("function_updated_v2").wait(FunctionName=name)


def forget_gateways_answers(target: Target) -> bool:
    """Empty the gateway's memory of which tokens may pass; return whether that could be done."""
    if not target.settings.platform.gateway_forgets:
        return False
    gateway = target.client("apigatewayv2")
    name = f"cv-location-classifier-{target.settings.environment}"
    found: list[Any] = [
        api["ApiId"]
        for page in gateway.get_paginator("get_apis").paginate()
        for api in page["Items"]
        if api["Name"] == name
    ]
    try:
        for api_id in found:
            gateway.reset_authorizers_cache(ApiId=api_id, StageName="$default")
    except ClientError:
        return False
    return bool(found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
