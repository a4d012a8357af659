"""Routes of `auth`."""

from __future__ import annotations

from auth.accounts import Accounts, SignedIn
from auth.models import SignedInResponse, SignInRequest, SignUpRequest
from auth.settings import AuthSettings
from common.clients import client, prepare_on_lambda
from common.errors import EmailTaken, InvalidCredentials, Unavailable, UsernameTaken
from common.http import HttpApi, Request
from common.observability import Metric, count, load_tracer
from common.settings import read_settings
from common.signing_keys import signing_keys_in_ssm
from common.table import DynamoTable
from common.tokens import AccessTokens

settings = read_settings(AuthSettings)
keys = signing_keys_in_ssm(settings.jwt_keys_parameter)
accounts = Accounts(
    DynamoTable(settings.table_name),
    AccessTokens(keys, settings.jwt_issuer, settings.jwt_audience),
    access_ttl_seconds=settings.access_token_ttl_seconds,
    refresh_ttl_seconds=settings.refresh_token_ttl_seconds,
    bcrypt_cost=settings.bcrypt_cost,
)
api = HttpApi()


@api.route(
    "POST",
    "/auth/signup",
    body=SignUpRequest,
    response=SignedInResponse,
    status=201,
    errors=(EmailTaken, UsernameTaken, Unavailable),
    public=True,
)
def sign_up(_request: Request, body: SignUpRequest) -> SignedInResponse:
    """Open an account and sign in.

    The e-mail address is compared in lower case, the username without regard to case.
    """
    signed_in = accounts.sign_up(body.email, body.username, body.password)
    count(Metric.SIGN_UPS)
    return _respond(signed_in)


@api.route(
    "POST",
    "/auth/login",
    body=SignInRequest,
    response=SignedInResponse,
    errors=(InvalidCredentials, Unavailable),
    public=True,
)
def sign_in(_request: Request, body: SignInRequest) -> SignedInResponse:
    """Sign in with an e-mail address and a password."""
    try:
        signed_in = accounts.sign_in(body.email, body.password)
    except InvalidCredentials:
        count(Metric.SIGN_INS_REFUSED)
        raise
    count(Metric.SIGN_INS)
    return _respond(signed_in)


def _respond(signed_in: SignedIn) -> SignedInResponse:
    return SignedInResponse(
        user_id=signed_in.user_id,
        username=signed_in.username,
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.expires_in_seconds,
    )


handle = api.handle
prepare_on_lambda(load_tracer, lambda: client("dynamodb"), keys.read_ahead)
