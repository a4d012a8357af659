"""`account`: the signed-in user's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.constructs.public_http_api import PublicHttpApi, Route

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.service.foundation import Foundation

_ROUTES = (
    Route("GET", "/user/profile"),
    Route("PATCH", "/user/profile"),
    Route("DELETE", "/user/profile"),
    Route("GET", "/user/export"),
    Route("GET", "/predictions"),
    Route("GET", "/predictions/{prediction_id}"),
    Route("DELETE", "/predictions/{prediction_id}"),
    Route("POST", "/feedback"),
    Route("POST", "/itinerary"),
    Route("GET", "/itinerary"),
    Route("GET", "/itinerary/{itinerary_id}"),
    Route("PATCH", "/itinerary/{itinerary_id}"),
    Route("DELETE", "/itinerary/{itinerary_id}"),
    Route("GET", "/itinerary/{itinerary_id}/order"),
)
_RIGHTS = (
    (["GetItem"], ["USER#*", "EMAIL#*", "DELETIONS"]),
    (["Query", "BatchWriteItem"], ["USER#*", "DELETIONS"]),
    (["PutItem"], ["USER#*", "USERNAME#*", "DELETIONS"]),
    (["UpdateItem"], ["USER#*", "EMAIL#*", "ATTEMPTS#*"]),
    (["DeleteItem"], ["USER#*", "EMAIL#*", "USERNAME#*", "ATTEMPTS#*"]),
    (["ConditionCheckItem"], ["USER#*"]),
)


def add_account(on: Foundation, http_api: PublicHttpApi) -> None:
    """Create the function and its routes."""
    function = on.create(
        "Account",
        name="account",
        description="The signed-in user's own data",
        package=on.zip("account", _create_layers(on)),
        environment={
            **on.table_name,
            "PASSWORDS_PER_EMAIL": str(on.settings.passwords_per_email),
        },
    )
    on.grant_items(function, *_RIGHTS)
    http_api.add_routes(function, _ROUTES)


def _create_layers(on: Foundation) -> list[lambda_.ILayerVersion]:
    if not on.settings.platform.function_layers:
        return []
    return [
        on.packages_layer(
            "AccountPackages",
            folder="account-aws",
            description="What writes itineraries as GeoJSON, GPX and iCalendar",
        )
    ]
