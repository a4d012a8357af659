"""`authorizer`: checks the access token of every request that is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.sizes import SHORT_TIMEOUT_SECONDS, SMALL_MB

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.service.foundation import Foundation


def create_authorizer(on: Foundation) -> lambda_.Function:
    """Create the function; the HTTP API asks it, so that it has no routes."""
    function = on.create(
        "Authorizer",
        name="authorizer",
        description="Checks the access token of a request",
        package=on.zip("authorizer"),
        memory_mb=SMALL_MB,
        timeout_seconds=SHORT_TIMEOUT_SECONDS,
        environment=on.token_settings,
    )
    on.data.jwt_keys.grant_read(function)
    return function
