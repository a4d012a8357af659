"""What `auth` is told by its environment, and its right to send mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.settings import Settings


def auth_environment(settings: Settings) -> dict[str, str]:
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


def grant_sending(function: lambda_.Function, settings: Settings) -> None:
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
