"""Routes of `account`."""

from __future__ import annotations

from dataclasses import asdict

from account.models import ProfileResponse
from common.clients import client, prepare_on_lambda
from common.errors import AccountNotFound, NotAuthenticated, Unavailable
from common.http import HttpApi, Request
from common.observability import load_tracer
from common.settings import TableSettings, read_settings
from common.table import DynamoTable
from common.users import Users

settings = read_settings(TableSettings)
users = Users(DynamoTable(settings.table_name))
api = HttpApi()


@api.route(
    "GET",
    "/user/profile",
    response=ProfileResponse,
    errors=(NotAuthenticated, AccountNotFound, Unavailable),
)
def show_profile(request: Request) -> ProfileResponse:
    """Show the signed-in user's account.

    404 means that the token is genuine, but that its account has been deleted.
    """
    profile = users.find_profile(request.user_id)
    if profile is None:
        raise AccountNotFound
    return ProfileResponse(**asdict(profile))


handle = api.handle
prepare_on_lambda(load_tracer, lambda: client("dynamodb"))
