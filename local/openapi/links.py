"""Links: which part of an answer is what another operation asks for.

Clients can follow them, Swagger UI shows them, and the random tests walk along them. Only answers
that always have what the link takes are here; the pages of a list may be empty.
"""

from __future__ import annotations

from typing import Any

_TRIP = {"itinerary_id": "$response.body#/itinerary_id"}
_TRIP_AND_VERSION = {**_TRIP, "If-Match": "$response.header.etag"}
_OF_TRIP = {
    "readIt": {"operationId": "showItinerary", "parameters": _TRIP},
    "changeIt": {"operationId": "changeItinerary", "parameters": _TRIP_AND_VERSION},
    "deleteIt": {"operationId": "deleteItinerary", "parameters": _TRIP_AND_VERSION},
    "orderADay": {"operationId": "suggestOrder", "parameters": _TRIP},
}
_PREDICTION = {"prediction_id": "$response.body#/prediction_id"}
_REFRESH = {
    "refreshIt": {
        "operationId": "refresh",
        "requestBody": {"refresh_token": "$response.body#/refresh_token"},
    },
}

# By the operation whose answer (when all went well) they start from.
LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "signUp": _REFRESH,
    "signIn": _REFRESH,
    "createItinerary": _OF_TRIP,
    "showItinerary": _OF_TRIP,
    "changeItinerary": _OF_TRIP,
    # Not of several photos at once.
    "predict": {
        "readIt": {"operationId": "showPrediction", "parameters": _PREDICTION},
        "deleteIt": {"operationId": "deletePrediction", "parameters": _PREDICTION},
        "sayWhetherItIsRight": {
            "operationId": "giveFeedback",
            "requestBody": {**_PREDICTION, "correct": True},
        },
        "describeIt": {"operationId": "describe", "requestBody": _PREDICTION},
        "recommendPlaces": {"operationId": "recommend", "requestBody": _PREDICTION},
    },
}
