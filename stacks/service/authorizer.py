"""`authorizer`: checks the access token of every request that is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        environment=on.token_settings,
    )
    on.data.jwt_keys.grant_read(function)
    return function
