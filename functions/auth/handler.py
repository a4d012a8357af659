"""Routes of `auth`."""

from __future__ import annotations

from auth.accounts import AccountLimits, Accounts
from auth.mail import SesMailer
from auth.models import (
    ChangePasswordRequest,
    RefreshRequest,
    ResetConfirmation,
    ResetRequest,
    ResetRequestedResponse,
    SignedInResponse,
    SignInRequest,
    SignOutRequest,
    SignUpRequest,
)
from auth.password_reset import PasswordResets, ResetLimits
from auth.sessions import Sessions, SignedIn
from auth.settings import AuthSettings
from common.clients import client, prepare_on_lambda
from common.errors import (
    AccountNotFound,
    EmailTaken,
    InvalidCredentials,
    NotAuthenticated,
    PasswordResetUnavailable,
    RefreshTokenInvalid,
    ResetTokenInvalid,
    TooManyAttempts,
    Unavailable,
    UsernameTaken,
    WrongPassword,
)
from common.http import HttpApi, Request
from common.limits import HOUR_SECONDS, Attempts, Limit, network_of
from common.observability import Metric, count, load_tracer
from common.settings import read_settings
from common.signing_keys import signing_keys_in_ssm
from common.table import DynamoTable
from common.tokens import AccessTokens

settings = read_settings(AuthSettings)
keys = signing_keys_in_ssm(settings.jwt_keys_parameter)
table = DynamoTable(settings.table_name)
attempts = Attempts(table)
limits = AccountLimits.allowing(
    sign_ups_per_network=settings.sign_ups_per_network,
    passwords_per_email=settings.passwords_per_email,
    failures_per_network=settings.sign_in_failures_per_network,
)
sessions = Sessions(
    table,
    AccessTokens(keys, settings.jwt_issuer, settings.jwt_audience),
    access_ttl_seconds=settings.access_token_ttl_seconds,
    refresh_ttl_seconds=settings.refresh_token_ttl_seconds,
    reuse_grace_seconds=settings.refresh_reuse_grace_seconds,
)
accounts = Accounts(table, sessions, attempts, limits, bcrypt_cost=settings.bcrypt_cost)
resets = PasswordResets(
    table,
    attempts,
    ResetLimits(
        Limit("RESET", settings.resets_per_network, HOUR_SECONDS, first_pause_seconds=60),
        limits.passwords_per_email,
    ),
    SesMailer(settings.mail_sender) if settings.mail_sender else None,
    page_url=settings.password_reset_url,
    bcrypt_cost=settings.bcrypt_cost,
)
api = HttpApi()


@api.route(
    "POST",
    "/auth/signup",
    body=SignUpRequest,
    response=SignedInResponse,
    status=201,
    errors=(EmailTaken, UsernameTaken, TooManyAttempts, Unavailable),
    public=True,
)
def sign_up(request: Request, body: SignUpRequest) -> SignedInResponse:
    """Open an account and sign in.

    The e-mail address is compared in lower case, the username without regard to case.
    """
    network = network_of(request.source_ip)
    signed_in = accounts.sign_up(body.email, body.username, body.password, network)
    count(Metric.SIGN_UPS)
    return _respond(signed_in)


@api.route(
    "POST",
    "/auth/login",
    body=SignInRequest,
    response=SignedInResponse,
    errors=(InvalidCredentials, TooManyAttempts, Unavailable),
    public=True,
)
def sign_in(request: Request, body: SignInRequest) -> SignedInResponse:
    """Sign in with an e-mail address and a password.

    After a few wrong passwords for one address, or many from one network, the next attempt has to
    wait, each time twice as long, a quarter of an hour at most. `Retry-After` says how long.
    """
    network = network_of(request.source_ip)
    try:
        signed_in = accounts.sign_in(body.email, body.password, network)
    except (InvalidCredentials, TooManyAttempts):
        count(Metric.SIGN_INS_REFUSED)
        raise
    count(Metric.SIGN_INS)
    return _respond(signed_in)


@api.route(
    "POST",
    "/auth/refresh",
    body=RefreshRequest,
    response=SignedInResponse,
    errors=(RefreshTokenInvalid, Unavailable),
    public=True,
)
def refresh(_request: Request, body: RefreshRequest) -> SignedInResponse:
    """Exchange the refresh token for a new one and a new access token.

    Each refresh token is good for one exchange. Repeated at once, as by two browser tabs or after
    a lost answer, the exchange gives the same new refresh token; later, using a spent one ends the
    session.
    """
    return _respond(sessions.refresh(body.refresh_token))


@api.route(
    "POST",
    "/auth/logout",
    body=SignOutRequest,
    status=204,
    errors=(RefreshTokenInvalid, Unavailable),
    public=True,
)
def sign_out(_request: Request, body: SignOutRequest) -> None:
    """End the session of a refresh token, or all sessions of its user.

    Access tokens that have been issued stay good until they expire. Ending a session that has ended
    is answered the same; `everywhere` needs the current refresh token.
    """
    if body.everywhere:
        sessions.end_all(body.refresh_token)
    else:
        sessions.end(body.refresh_token)


@api.route(
    "POST",
    "/auth/password",
    body=ChangePasswordRequest,
    response=SignedInResponse,
    errors=(NotAuthenticated, AccountNotFound, WrongPassword, TooManyAttempts, Unavailable),
)
def change_password(request: Request, body: ChangePasswordRequest) -> SignedInResponse:
    """Change the password, which ends every session and opens a new one with the tokens returned.

    Wrong passwords count like those of signing in.
    """
    signed_in = accounts.change_password(request.user_id, body.current_password, body.new_password)
    return _respond(signed_in)


@api.route(
    "POST",
    "/auth/password-reset/request",
    body=ResetRequest,
    response=ResetRequestedResponse,
    status=202,
    errors=(PasswordResetUnavailable, TooManyAttempts, Unavailable),
    public=True,
)
def request_reset(request: Request, body: ResetRequest) -> ResetRequestedResponse:
    """Have a token sent to an account's e-mail address, good for one new password within an hour.

    The answer is the same whether the address has an account or not.
    """
    resets.request(body.email, network_of(request.source_ip))
    return ResetRequestedResponse()


@api.route(
    "POST",
    "/auth/password-reset/confirm",
    body=ResetConfirmation,
    status=204,
    errors=(ResetTokenInvalid, Unavailable),
    public=True,
)
def confirm_reset(_request: Request, body: ResetConfirmation) -> None:
    """Set a new password with the token from the mail. All sessions end; sign in afterwards."""
    resets.confirm(body.token, body.password)


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
