"""`auth`: sign-up, sessions and passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from stacks.constructs.public_http_api import PublicHttpApi, Route

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.service.foundation import Foundation
    from stacks.settings import Settings

_ROUTES = (
    Route("POST", "/auth/signup", public=True),
    Route("POST", "/auth/login", public=True),
    Route("POST", "/auth/refresh", public=True),
    Route("POST", "/auth/logout", public=True),
    Route("POST", "/auth/password"),
    Route("POST", "/auth/password-reset/request", public=True),
    Route("POST", "/auth/password-reset/confirm", public=True),
)
_RIGHTS = (
    (["GetItem", "UpdateItem"], ["EMAIL#*", "USER#*", "ATTEMPTS#*"]),
    (["PutItem"], ["EMAIL#*", "USERNAME#*", "USER#*"]),
    (["DeleteItem"], ["USER#*", "ATTEMPTS#*"]),
    (["ConditionCheckItem"], ["EMAIL#*"]),
)


def add_auth(on: Foundation, http_api: PublicHttpApi) -> None:
    """Create the function and its routes."""
    function = on.create(
        "Auth",
        name="auth",
        description="Sign-up, sessions and passwords",
        package=on.zip("auth"),
        environment={**on.table_name, **on.token_settings, **_environment(on.settings)},
    )
    on.data.jwt_keys.grant_read(function)
    on.grant_items(function, *_RIGHTS)
    _grant_sending(function, on.settings)
    http_api.add_routes(function, _ROUTES)


def _environment(settings: Settings) -> dict[str, str]:
    """Return lifetimes, limits, and where mail comes from ("" where there is no sender)."""
    return {
        "ACCESS_TOKEN_TTL_SECONDS": str(settings.access_token_ttl_seconds),
        "REFRESH_TOKEN_TTL_SECONDS": str(settings.refresh_token_ttl_seconds),
        "REFRESH_REUSE_GRACE_SECONDS": str(settings.refresh_reuse_grace_seconds),
        "BCRYPT_COST": str(settings.bcrypt_cost),
        "PASSWORDS_PER_EMAIL": str(settings.passwords_per_email),
        "SIGN_IN_FAILURES_PER_NETWORK": str(settings.sign_in_failures_per_network),
        "SIGN_UPS_PER_NETWORK": str(settings.sign_ups_per_network),
        "RESETS_PER_NETWORK": str(settings.resets_per_network),
        "MAIL_SENDER": settings.mail_sender,
        "PASSWORD_RESET_URL": settings.password_reset_url,
    }


def _grant_sending(function: lambda_.Function, settings: Settings) -> None:
    """Let `function` send mail from the address in the settings, if there is one.

    SES asks for the right to the identity that was verified: the address, or its domain.
    """
    if not settings.mail_sender:
        return
    _, _, domain = settings.mail_sender.partition("@")
    identities = [
        cdk.Stack.of(function).format_arn(
            service="ses", resource="identity", resource_name=identity
        )
        for identity in (settings.mail_sender, domain)
    ]
    resources = identities if settings.platform.mail_by_identity else ["*"]
    function.add_to_role_policy(iam.PolicyStatement(actions=["ses:SendEmail"], resources=resources))
