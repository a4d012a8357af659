"""Custom resource: create the JWT signing keys, unless they exist.

The value is JSON: `{"current": "<kid>", "keys": {"<kid>": "<base64 of 32 random bytes>"}}`. A
rotation (docs/secrets.md) adds a second key and moves `current`; both are accepted meanwhile.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

import boto3

# HS256 wants a key at least as long as its digest (RFC 7518, section 3.2).
KEY_BYTES = 32


def create_keys() -> str:
    """Return the JSON of a fresh set with one key."""
    key_id = secrets.token_hex(8)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return json.dumps({"current": key_id, "keys": {key_id: key}})


def handle(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Create the parameter on create and update where it is missing; leave it alone on delete."""
    name = event["ResourceProperties"]["ParameterName"]
    if event["RequestType"] != "Delete":
        ssm = boto3.client("ssm")
        try:
            ssm.put_parameter(
                Name=name,
                Description="Signing keys of access tokens; see docs/secrets.md for rotation",
                Type="SecureString",
                Value=create_keys(),
                Overwrite=False,
            )
        except ssm.exceptions.ParameterAlreadyExists:
            print(f"{name} exists and is left as it is")  # noqa: T201 - a log line
    return {"PhysicalResourceId": name}
