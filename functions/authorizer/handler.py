"""Entry point of the authorizer (HTTP API, payload format 2.0, SIMPLE responses).

API Gateway remembers an answer for at most five minutes: for that long a token that has just
expired is still let in, and one refused by mistake is still refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.bearer import read_bearer_token
from common.clients import prepare_on_lambda
from common.observability import Metric, count, describe_exception, flush_metrics, logger
from common.settings import TokenSettings, read_settings
from common.signing_keys import signing_keys_in_ssm
from common.tokens import AccessTokens, Identity, TokenRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

settings = read_settings(TokenSettings)
keys = signing_keys_in_ssm(settings.jwt_keys_parameter)
tokens = AccessTokens(
    keys=keys,
    issuer=settings.jwt_issuer,
    audience=settings.jwt_audience,
)


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer whether the request may pass, and who makes it. Never raises: a doubt is a no."""
    try:
        _bind_request(event)
        identity = tokens.verify(read_bearer_token(event))
    except TokenRefused as refusal:
        return _refuse(refusal.reason, Metric.TOKENS_REFUSED)
    except Exception as error:  # noqa: BLE001 - fails closed
        logger.error("authorizer failed", extra=describe_exception(error))
        return _refuse("Failed", Metric.TOKENS_UNCHECKED)
    return _allow(identity)


def _bind_request(event: Mapping[str, Any]) -> None:
    logger.clear_state()
    logger.set_correlation_id(event["requestContext"]["requestId"])


def _allow(identity: Identity) -> dict[str, Any]:
    return {
        "isAuthorized": True,
        "context": {
            "user_id": identity.user_id,
            "username": identity.username,
            "token_id": identity.token_id,
        },
    }


def _refuse(reason: str, metric: Metric) -> dict[str, Any]:
    try:
        logger.info("refused", extra={"reason": reason})
        count(metric)
        flush_metrics()
    except Exception as error:  # noqa: BLE001 - a lost metric changes no answer
        logger.error("metrics lost", extra=describe_exception(error))
    return {"isAuthorized": False, "context": {}}


prepare_on_lambda(keys.read_ahead)
